// The cell's losses beside what they are to be measured by: the same net with the target alone, and the analytic
// optimum.
import * as Plot from "@observablehq/plot";
import { Chart } from "../../kit/chart";
import { figure } from "../../kit/figure";
import { geometricMean, num } from "../../kit/format";
import { decades, logAxis } from "../../kit/log_axis";
import { keyOf } from "../../kit/key";
import { NumbersTable, tableOf, type Table } from "../../kit/table";
import { h } from "../../kit/dom";
import { MEASURES, type Run } from "../run";
import type { Losses, Measure } from "../data";
import type { Selection } from "../selection";

interface Who {
  name: string;
  colour: string;
  symbol: "circle" | "square" | "diamond";
  losses: Losses | undefined;
}

interface Dot {
  measure: Measure;
  who: Who;
  loss: number;
}

function whos(run: Run, selection: Selection): Who[] {
  const cell = run.cell(selection.place);
  return [
    { name: "this cell's net", colour: "var(--net)", symbol: "circle", losses: cell?.loss },
    { name: "target alone", colour: "var(--target)", symbol: "square", losses: run.targetOnly(selection.place.i) },
    { name: "analytic optimum", colour: "var(--optimum)", symbol: "diamond", losses: cell?.optimum },
  ];
}

function losses(run: Run, selection: Selection): Table {
  const seeds = run.cell(selection.place)?.loss.ood.length ?? 0;
  const over = seeds > 1 ? `, geometric mean over ${seeds} seeds` : seeds === 1 ? ", one seed" : "";
  return {
    caption: `Squared distance to the right output${over}`,
    head: ["", ...whos(run, selection).map(({ name }) => name)],
    rows: MEASURES.map(({ value, label }) => [
      label,
      ...whos(run, selection).map((who) => (who.losses ? num(geometricMean(who.losses[value])) : "–")),
    ]),
  };
}

function perSeed(run: Run, selection: Selection): Table {
  const rows = whos(run, selection).flatMap((who) =>
    MEASURES.map(({ value, label }) => [`${who.name}, ${label}`, ...(who.losses?.[value] ?? []).map((x) => num(x))]),
  );
  return {
    caption: "The same by seed",
    head: ["", ...Array.from({ length: run.seeds }, (_, k) => `seed ${k + 1}`)],
    rows,
  };
}

function domainOf(run: Run): [number, number] {
  const all = [
    ...run.json.cells.flatMap((cell) =>
      MEASURES.flatMap(({ value }) => [...cell.loss[value], ...(cell.optimum?.[value] ?? [])]),
    ),
    ...run.json.target_only.flatMap(({ loss }) => MEASURES.flatMap(({ value }) => loss[value])),
  ].filter((x) => x > 0);
  return [all.reduce((a, b) => Math.min(a, b)) * 0.8, all.reduce((a, b) => Math.max(a, b)) * 1.25];
}

export function lossesFigure(run: Run, selection: Selection): HTMLElement {
  const domain = domainOf(run);
  const labels = new Map(MEASURES.map(({ value, label }) => [value, label]));
  const draw = (width: number) => {
    const seeds: Dot[] = whos(run, selection).flatMap((who) =>
      MEASURES.flatMap(({ value }) => (who.losses?.[value] ?? []).map((loss) => ({ measure: value, who, loss }))),
    );
    const means: Dot[] = whos(run, selection).flatMap((who) =>
      who.losses ? MEASURES.map(({ value }) => ({ measure: value, who, loss: geometricMean(who.losses![value]) })) : [],
    );
    const place = { x: "loss", fy: (d: Dot) => labels.get(d.measure), y: (d: Dot) => d.who.name };
    return Plot.plot({
      width,
      height: 200,
      marginLeft: 8,
      marginRight: 14,
      marginBottom: 34,
      x: { type: "log", domain },
      y: { axis: null, domain: whos(run, selection).map(({ name }) => name), padding: 0.4 },
      fy: { axis: null, domain: MEASURES.map(({ label }) => label), padding: 0.15 },
      marks: [
        logAxis(decades(domain), "loss (log scale) →"),
        Plot.dot(seeds, {
          ...place,
          symbol: (d: Dot) => d.who.symbol,
          stroke: (d: Dot) => d.who.colour,
          r: 2.5,
          strokeOpacity: 0.7,
          className: "seeds",
        }),
        Plot.dot(means, {
          ...place,
          symbol: (d: Dot) => d.who.symbol,
          fill: (d: Dot) => d.who.colour,
          r: 6,
          stroke: "var(--surface)",
          className: "means",
        }),
        Plot.text(MEASURES, {
          text: "label",
          fy: "label",
          frameAnchor: "top-left",
          dy: -3,
          fontWeight: 600,
          stroke: "var(--surface)",
          fill: "var(--muted)",
        }),
      ],
    });
  };
  const chart = new Chart(
    draw,
    () => "Losses of this cell, of the target alone and of the analytic optimum, on a log scale.",
  );
  const table = h("div", { class: "scroll", id: "loss-table" });
  const numbers = new NumbersTable(() => perSeed(run, selection), "Seed by seed");
  const show = () => {
    table.replaceChildren(tableOf(losses(run, selection)));
    chart.refresh();
    numbers.refresh();
  };
  selection.onCell(show);
  table.append(tableOf(losses(run, selection)));
  return figure({
    title: "How far off it is",
    id: "losses",
    body: [table, chart.element],
    key: keyOf(whos(run, selection).map(({ name, colour, symbol }) => ({ label: name, colour, symbol }))),
    caption: [
      "Small marks are single seeds. The analytic optimum s*",
      h("sub", {}, "w"),
      " weighs the outputs of the same data with the same w, by a Gaussian kernel on the raw inputs, and " +
        "nothing is learned; target alone is the same net that never saw the source.",
    ],
    numbers,
  });
}
