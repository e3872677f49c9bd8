// The check that the theory describes what training does: the learned score against the closed form, by signal level.
import * as Plot from "@observablehq/plot";
import { Chart } from "../../kit/chart";
import { figure } from "../../kit/figure";
import { num } from "../../kit/format";
import { decades, logAxisY } from "../../kit/log_axis";
import { keyOf } from "../../kit/key";
import { NumbersTable } from "../../kit/table";
import type { RegimeError, RegimeName, ToyRun } from "../data";
import { REGIMES } from "../run";
import { drawCurves, type Curve } from "./curves";

type Comparison = NonNullable<ToyRun["net_vs_optimum"]>;

const LIMIT = 0.05;
const UP_TO = 0.5;
const DASH: Record<RegimeName, string> = { disjoint: "8 4", structured: "none", overlapping: "2 4" };

function curveOf(regime: RegimeError): Curve {
  return {
    name: `${REGIMES[regime.name].short} (Δz = ${num(regime.delta_z)}, w = ${num(regime.w)})`,
    colour: `var(--regime-${regime.name})`,
    dash: DASH[regime.name],
    values: regime.error,
    ...(regime.low && regime.high ? { low: regime.low, high: regime.high } : {}),
  };
}

function worstUpTo({ signal, regimes }: Comparison): number {
  return Math.max(...regimes.flatMap(({ error }) => error.filter((_, k) => signal[k]! <= UP_TO)));
}

function words(comparison: Comparison): string {
  const worst = worstUpTo(comparison);
  return (
    `Up to a signal level of ${UP_TO} the net's score differs from the optimum's by at most ` +
    `${num(worst)} of its square ` +
    `(${worst <= LIMIT ? "within" : "beyond"} the ${LIMIT} asked for). Nearer to the answer the ` +
    "optimum is a staircase of single examples that a net smooths: that smoothing is its " +
    "generalisation."
  );
}

export function netVsOptimumFigure(comparison: Comparison): HTMLElement {
  const curves = comparison.regimes.map(curveOf);
  const all = comparison.regimes
    .flatMap(({ error, low, high }) => [...error, ...(low ?? []), ...(high ?? [])])
    .filter((x) => x > 0);
  const domain: [number, number] = [Math.min(...all) / 1.4, Math.max(...all, LIMIT) * 1.4];
  const chart = new Chart(
    (width) =>
      drawCurves({
        signal: comparison.signal,
        curves,
        width,
        height: 320,
        labels: 0,
        y: { type: "log", domain },
        marks: [
          logAxisY(decades(domain), "↑ relative squared error"),
          Plot.ruleY([LIMIT], { x1: 0, x2: UP_TO, stroke: "var(--paper)", strokeWidth: 2, strokeDasharray: "5 4" }),
          Plot.text([LIMIT], {
            x: 0,
            y: LIMIT,
            dy: -9,
            dx: 4,
            textAnchor: "start",
            text: () => `asked for: ${LIMIT} up to ${UP_TO}`,
            fill: "var(--paper)",
            fontWeight: 600,
            stroke: "var(--surface)",
          }),
        ],
      }),
    () => words(comparison),
  );
  const banded = comparison.regimes.some(({ low, high }) => low && high && low.some((x, k) => x !== high[k]));
  const bounds = (regime: RegimeError, k: number) =>
    regime.low && regime.high ? ` (${num(regime.low[k]!)} to ${num(regime.high[k]!)})` : "";
  return figure({
    title: "Does the theory describe what training does?",
    id: "net-vs-optimum",
    key: keyOf(curves.map(({ name, colour, dash }) => ({ label: name, colour, line: true, dash: dash! }))),
    body: chart.element,
    caption:
      `${words(comparison)} Nets trained with noise of width ${num(comparison.width)} on their input, ` +
      `so that the optimum is known in closed form${banded ? "; the bands span the seeds" : ""}.`,
    numbers: new NumbersTable(() => ({
      caption: "Relative squared error of the learned score, by signal level",
      head: ["signal level", ...curves.map(({ name }) => name)],
      rows: comparison.signal.map((x, k) => [
        num(x, 2),
        ...comparison.regimes.map((regime) => `${num(regime.error[k]!)}${bounds(regime, k)}`),
      ]),
    })),
  });
}
