// Where over w the error out of distribution is least, in the rows where the source helps.
import * as Plot from "@observablehq/plot";
import { Chart } from "../../kit/chart";
import { figure } from "../../kit/figure";
import { num, times } from "../../kit/format";
import { decades, logAxis } from "../../kit/log_axis";
import { keyOf } from "../../kit/key";
import { NumbersTable } from "../../kit/table";
import type { BestW } from "../data";
import type { Run } from "../run";
import { absent, section } from "./section";

const TITLE = "How often should the target be drawn?";
const PAPER_W = 0.1;

function interval(low: number | undefined, high: number | undefined): string {
  return low === undefined || high === undefined ? "–" : `${num(low)} to ${num(high)}`;
}

function draw(rows: BestW[], w: number[], width: number): Element {
  const name = (row: BestW) => `Δz = ${num(row.delta_z)}`;
  const domain: [number, number] = [Math.min(...w.filter((x) => x > 0), 0.05), 1];
  const ranged = rows.filter((row) => row.w_low !== row.w_high);
  return Plot.plot({
    width,
    height: 44 * rows.length + 62,
    marginLeft: 62,
    marginRight: 18,
    marginTop: 26,
    marginBottom: 36,
    x: { type: "log", domain },
    y: { domain: rows.map(name), label: null },
    marks: [
      logAxis(width < 420 ? decades(domain) : w.filter((x) => x > 0 && x <= 0.5), "w (log scale) →"),
      Plot.ruleX([PAPER_W], { stroke: "var(--paper)", strokeWidth: 2, strokeDasharray: "5 4" }),
      Plot.text([PAPER_W], {
        x: PAPER_W,
        frameAnchor: "top",
        dy: -16,
        text: () => "paper: w = 0.1",
        fill: "var(--paper)",
        fontWeight: 600,
      }),
      Plot.ruleY(ranged, {
        x1: "w_low",
        x2: "w_high",
        y: name,
        stroke: "var(--net)",
        strokeWidth: 4,
        strokeOpacity: 0.45,
        strokeLinecap: "round",
      }),
      Plot.dot(rows, { x: "w", y: name, r: 6.5, fill: "var(--net)", stroke: "var(--surface)", className: "best-w" }),
      Plot.text(rows, {
        x: "w",
        y: name,
        dy: -15,
        text: (row: BestW) => times(row.factor) + " better",
        stroke: "var(--surface)",
        fill: "var(--ink)",
      }),
    ],
  });
}

function words(rows: BestW[]): string {
  const most = rows.reduce((a, b) => (b.factor > a.factor ? b : a));
  return (
    `Most is gained at Δz = ${num(most.delta_z)}, w = ${num(most.w)}: an error out of distribution ` +
    `of ${num(most.ood)} against ${num(most.target_only_ood)} with the target alone; ` +
    `${times(most.factor)} less, as measured.`
  );
}

export function bestWSection(run: Run): HTMLElement {
  const rows = run.json.best_w;
  if (!rows || rows.length === 0)
    return absent(
      "best-w",
      TITLE,
      "row in which the source helps throughout (structured aligned)",
      "heddle toy --out DIR",
    );
  const numbers = new NumbersTable(() => ({
    caption: "Where over w the error out of distribution is least",
    head: ["Δz", "best w", "over single seeds", "error", "target alone", "times better", "95 % interval"],
    rows: rows.map((r) => [
      num(r.delta_z),
      num(r.w),
      interval(r.w_low, r.w_high),
      num(r.ood),
      num(r.target_only_ood),
      num(r.factor),
      interval(r.factor_low, r.factor_high),
    ]),
  }));
  const chart = new Chart(
    (width) => draw(rows, run.w, width),
    () => words(rows),
  );
  return section(
    "best-w",
    TITLE,
    "In the rows where the source helps, this is the w at which the error out of distribution is " +
      "least, and by what factor it beats training on the target alone.",
    figure({
      title: "The best w by distance",
      id: "best-w-figure",
      key: keyOf([
        { label: "best w of this run", colour: "var(--net)", symbol: "circle" },
        ...(rows.some(({ w_low, w_high }) => w_low !== w_high)
          ? [{ label: "where single seeds have it", colour: "var(--net)", line: true }]
          : []),
        { label: "the paper's w", colour: "var(--paper)", dash: "5 4" },
      ]),
      body: chart.element,
      caption: rows.some(({ factor_low }) => factor_low !== undefined)
        ? `${words(rows)} Each factor is measured on one seed at the w that is best on the others: ` +
          "choosing and measuring on the same seed would flatter it."
        : `${words(rows)} With one seed the w is chosen and measured on the same net, which flatters the factor.`,
      numbers,
    }),
  );
}
