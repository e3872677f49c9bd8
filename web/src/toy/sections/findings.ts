// What was expected before the run, and what came out, said plainly where it differs.
import { h } from "../../kit/dom";
import { count } from "../../kit/format";
import type { Finding } from "../data";
import type { Run } from "../run";
import { absent, section } from "./section";

const TITLE = "What was expected, and what came out";

function item(finding: Finding): HTMLElement {
  const verdict = finding.holds
    ? h("span", { class: "verdict holds" }, "✓ holds")
    : h("span", { class: "verdict fails" }, "✗ does not hold");
  return h(
    "li",
    { class: "card finding", "data-holds": String(finding.holds) },
    h("h3", {}, verdict, " ", finding.claim),
    h(
      "dl",
      {},
      h("div", {}, h("dt", {}, "expected"), h("dd", {}, finding.expected)),
      h("div", {}, h("dt", {}, "came out"), h("dd", {}, finding.found)),
    ),
    finding.note ? h("p", { class: "small quiet" }, finding.note) : null,
  );
}

export function findingsSection(run: Run): HTMLElement {
  const { findings } = run.json;
  if (!findings || findings.length === 0) return absent("findings", TITLE, "list of findings", "heddle toy --out DIR");
  const held = findings.filter(({ holds }) => holds).length;
  return section(
    "findings",
    TITLE,
    `${held} of ${count(findings.length, "expectation")} ${held === 1 ? "holds" : "hold"}. Nothing ` +
      "was tuned to make them.",
    h("ul", { class: "findings" }, findings.map(item)),
  );
}
