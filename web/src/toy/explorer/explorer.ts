// The first thing on the page: two knobs, what comes out of the net, what regime that is, and all cells at a glance.
import { h } from "../../kit/dom";
import { figure } from "../../kit/figure";
import { num } from "../../kit/format";
import { togglingKey } from "../../kit/key";
import { NumbersTable, type Table } from "../../kit/table";
import { pairs, type XY } from "../geometry";
import type { Run } from "../run";
import type { Selection } from "../selection";
import { controls } from "./controls";
import { HeatMap } from "./heatmap";
import { InputsChart } from "./inputs";
import { lossesFigure } from "./losses";
import { OutputsChart } from "./outputs";
import { regimeCard } from "./regime";

const LAYERS = [
  { label: "right for the target", colour: "var(--target)", area: true, hides: "band-target" },
  { label: "right for the source", colour: "var(--source)", area: true, hides: "band-source" },
  { label: "target's samples", colour: "var(--target)", symbol: "square" as const, hides: "target-samples" },
  { label: "net, covered input", colour: "var(--covered)", symbol: "circle" as const, hides: "covered" },
  { label: "net, input without samples", colour: "var(--ood)", symbol: "triangle" as const, hides: "ood" },
  { label: "followed input", colour: "var(--ink)", symbol: "circle" as const, hollow: true, hides: "followed" },
];

function samplesTable(run: Run, selection: Selection): Table {
  const { grid } = run.json.data;
  const samples = run.samples(selection.place);
  const at = ([u, v]: XY) => `${num(u)}, ${num(v)}`;
  const truth = pairs(grid.truth);
  const sourceTruth = pairs(grid.source_truth);
  const rows = pairs(grid.xy).map(([x, y], p) => [
    `${num(x)}, ${num(y)}`,
    x <= grid.covered_to ? "yes" : "no",
    at(truth[p]!),
    at(sourceTruth[p]!),
    ...(samples?.of(p).map(at) ?? []),
  ]);
  const head = [
    "input x, y",
    "covered",
    "right u, v",
    "source's u, v",
    ...Array.from({ length: samples?.perInput ?? 0 }, (_, k) => `sample ${k + 1}`),
  ];
  return { caption: "Every input of the evaluation grid and what the net makes of it", head, rows };
}

function outputsFigure(run: Run, selection: Selection): HTMLElement {
  const outputs = new OutputsChart(run, selection);
  const numbers = new NumbersTable(() => samplesTable(run, selection));
  const words = h("p", { class: "small", id: "outputs-words" });
  const show = () => {
    words.textContent = outputs.describe();
    numbers.refresh();
  };
  selection.onCell(show);
  queueMicrotask(show);
  const key = togglingKey(LAYERS, (index, shown) =>
    outputs.chart.element.classList.toggle(`hide-${LAYERS[index]!.hides}`, !shown),
  );
  return figure({
    title: "What the net puts out",
    id: "outputs",
    key,
    body: outputs.chart.element,
    caption: [
      words,
      "On the target's spiral the net does the target's task, on the source's spiral the source's, and " +
        "elsewhere neither.",
    ],
    numbers,
  });
}

export function explorer(run: Run, selection: Selection): HTMLElement {
  const inputs = new InputsChart(run, selection);
  const follow = figure({
    title: "Follow one input",
    id: "inputs",
    body: inputs.element,
    caption:
      "Click into the plane, or move the sliders. The target's samples cover only a part of it; for " +
      "the rest the net has to take over what it learned from the source.",
  });
  return h(
    "section",
    { id: "explorer", "aria-labelledby": "explorer-title" },
    h("h2", { id: "explorer-title" }, "Turn the two knobs"),
    controls(run, selection),
    h(
      "div",
      { class: "columns flowing" },
      h("div", {}, outputsFigure(run, selection), new HeatMap(run, selection).element),
      h("div", {}, regimeCard(run, selection), lossesFigure(run, selection), follow),
    ),
  );
}
