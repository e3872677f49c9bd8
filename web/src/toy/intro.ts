// What this page is, in two sentences, for somebody who has never heard of it.
import { h } from "../kit/dom";
import { count } from "../kit/format";
import { diagram } from "./diagram";
import type { Run } from "./run";
import type { Selection } from "./selection";

function partialBanner(run: Run): HTMLElement | null {
  if (!run.json.partial) return null;
  const all = run.deltaZ.length * run.w.length;
  return h(
    "p",
    { class: "banner", id: "partial", role: "status" },
    `This run was interrupted: ${run.json.cells.length} of ${count(all, "cell")} were trained. What ` +
      "is shown is complete in itself; what is missing is marked.",
  );
}

function words(run: Run): HTMLElement {
  const { source, target } = run.json.data;
  return h(
    "div",
    {},
    h("h1", { id: "title" }, "When does borrowed data help?"),
    h(
      "p",
      { class: "lead" },
      `A small diffusion network learns a task from ${count(target.count, "example")} of its own, the `,
      h("b", { class: "target-word" }, "target"),
      `, and ${count(source.count, "example")} of a similar but different task, the `,
      h("b", { class: "source-word" }, "source"),
      ". Whether the borrowed examples help or harm hangs on two knobs: ",
      h("b", {}, "Δz"),
      ", how far apart the two tasks look to the network, and ",
      h("b", {}, "w"),
      ", how often training draws from the target.",
    ),
    h(
      "p",
      { class: "quiet" },
      `Below are ${count(run.json.cells.length, "network")} trained from nothing, one for each pair of Δz and w` +
        (run.seeds > 1 ? `, each ${run.seeds} times over with another seed. ` : ", with one seed. ") +
        "It is the toy of robot co-training: a robot's few own demonstrations in place of the target, " +
        "plentiful simulation in place of the source.",
    ),
  );
}

export function intro(run: Run, selection: Selection): HTMLElement {
  return h(
    "section",
    { class: "intro-block", "aria-labelledby": "title" },
    partialBanner(run),
    h("div", { class: "opening" }, words(run), diagram(run, selection)),
  );
}
