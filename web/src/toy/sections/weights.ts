// Who steers: the share of the importance weights that falls on the target's own samples, by signal level, for each w.
import { Chart } from "../../kit/chart";
import { figure } from "../../kit/figure";
import { num, percent } from "../../kit/format";
import { keyOf } from "../../kit/key";
import { NumbersTable } from "../../kit/table";
import type { ToyRun } from "../data";
import { drawCurves, type Curve } from "./curves";

type Weights = NonNullable<ToyRun["weights"]>;

const DASHES = ["none", "8 3", "2 3", "8 3 2 3"];

function curvesOf(weights: Weights): Curve[] {
  const last = Math.max(1, weights.rows.length - 1);
  return weights.rows.map(({ w, target_share }, k) => ({
    name: `w = ${num(w)}`,
    colour: `color-mix(in oklab, var(--sequence-from), var(--sequence-to) ${Math.round((100 * k) / last)}%)`,
    dash: DASHES[k % DASHES.length]!,
    values: target_share,
  }));
}

function words(weights: Weights): string {
  const first = weights.rows[0]!;
  const row = weights.delta_z === undefined ? "" : ` (Δz = ${num(weights.delta_z)})`;
  return (
    `At a target input${row} and w = ${num(first.w)} the target's own samples hold ` +
    `${percent(first.target_share[0]!)} of the weight in pure noise ` +
    `and ${percent(first.target_share.at(-1)!)} near the answer. A larger w lets them steer from the start.`
  );
}

export function weightsFigure(weights: Weights): HTMLElement {
  const curves = curvesOf(weights);
  const chart = new Chart(
    (width) =>
      drawCurves({
        signal: weights.signal,
        curves,
        width,
        height: 280,
        labels: 0,
        y: { domain: [0, 1], label: "↑ the target's share of the weight", grid: true },
      }),
    () => words(weights),
  );
  return figure({
    title: "Who steers",
    id: "weights",
    key: keyOf(curves.map(({ name, colour, dash }) => ({ label: name, colour, line: true, dash: dash! }))),
    body: chart.element,
    caption: words(weights),
    numbers: new NumbersTable(() => ({
      caption: "The target's share of the importance weights at target inputs",
      head: ["signal level", ...curves.map(({ name }) => name)],
      rows: weights.signal.map((x, k) => [num(x, 2), ...curves.map(({ values }) => num(values[k]!))]),
    })),
  });
}
