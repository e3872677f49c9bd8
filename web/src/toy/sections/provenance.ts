// Where these numbers come from: enough to make them again.
import { h } from "../../kit/dom";
import { NumbersTable } from "../../kit/table";
import type { Run } from "../run";
import { section } from "./section";

function flatten(options: unknown, path = ""): [string, string][] {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    return [[path, Array.isArray(options) ? options.join(", ") : String(options)]];
  }
  return Object.entries(options).flatMap(([key, value]) => flatten(value, path ? `${path}.${key}` : key));
}

export function provenanceSection(run: Run): HTMLElement {
  const { version, options, options_hash, grid, cells, schema } = run.json;
  const seed = options["seed"];
  const facts: [string, string][] = [
    ["made by", `heddle ${version}`],
    ["seed", seed === undefined ? "see the options" : String(seed)],
    ["nets", `${cells.length} cells, ${grid.seeds} ${grid.seeds === 1 ? "seed" : "seeds"} each`],
    ["options", `${options_hash.slice(0, 12)}…`],
    ["data", `toy.json beside this page (${schema})`],
  ];
  const numbers = new NumbersTable(
    () => ({ caption: `All options (SHA-256 ${options_hash})`, head: ["option", "value"], rows: flatten(options) }),
    "All options of the run",
  );
  return section(
    "provenance",
    "Where these numbers come from",
    "The same version, options and seed give the same bytes again.",
    h(
      "dl",
      { class: "facts" },
      facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
    ),
    numbers.element,
  );
}
