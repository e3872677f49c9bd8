// How much of the variance of the log loss goes to Δz, to w, to both together, and to the seed; beside the paper's
// shares.
import * as Plot from "@observablehq/plot";
import { Chart } from "../../kit/chart";
import { h } from "../../kit/dom";
import { figure } from "../../kit/figure";
import { num, pValue, share } from "../../kit/format";
import { keyOf } from "../../kit/key";
import { select } from "../../kit/select";
import { NumbersTable, type Table } from "../../kit/table";
import type { Anova, AnovaEffect, Shares } from "../data";
import type { Run } from "../run";
import { paperCard } from "./paper";
import { absent, section } from "./section";

/** Below this p the interaction is said to be there, as the findings have it. */
const SURE = 0.01;
const TITLE = "What decides: the distance or the ratio?";
const EFFECTS: Record<AnovaEffect["name"], string> = {
  delta_z: "Δz, the distance",
  w: "w, the ratio",
  interaction: "both together",
  seed: "the seed as such",
  residual: "what is left (residual)",
};
const MEASURE_LABELS: Record<Anova["measure"], string> = {
  ood: "out of distribution (mean)",
  ood_median: "out of distribution (median)",
  whole: "whole plane",
  covered: "covered",
};

function paperShare(paper: Shares | undefined, name: AnovaEffect["name"]): number | undefined {
  return name === "residual" || name === "seed" ? undefined : paper?.[name];
}

/** The shares of the cells' means over the seeds, which hold no scatter of the seeds: the paper's kind. */
function shareOfMeans(anova: Anova, name: AnovaEffect["name"]): number | undefined {
  return anova.seeds === 1 || name === "residual" || name === "seed" ? undefined : anova.of_means?.[name];
}

function interactionWords({ effects }: Anova): string {
  const interaction = effects.find(({ name }) => name === "interaction");
  if (interaction?.f === undefined || interaction.p === undefined) return "";
  const { f, p } = interaction;
  const test = `F = ${num(f)}, p ${p < 1e-4 ? "" : "= "}${pValue(p)}`;
  if (p < SURE) return ` That both matter together is more than the scatter between seeds (${test}).`;
  return ` That both matter together is not told apart from the scatter between seeds (${test}).`;
}

/** How far the axis reaches: as far as anything of any measure. */
function reach(anova: Anova[], paper: Shares | undefined): number {
  const all = anova.flatMap(({ effects, of_means }) => [
    ...effects.flatMap(({ share: own, high }) => [own, high ?? 0]),
    ...Object.values(of_means ?? {}),
  ]);
  return Math.min(1, 1.18 * Math.max(...all, ...Object.values(paper ?? {})));
}

function words(anova: Anova): string {
  const largest = anova.effects.reduce((a, b) => (b.share > a.share ? b : a));
  const told =
    `Largest: ${EFFECTS[largest.name]}, with ${share(largest.share)} of the variance of the log loss ` +
    `over ${anova.cells} cells`;
  if (anova.seeds === 1) {
    return `${told} and one seed. With one seed there is no residual: “both together” also holds all that chance did.`;
  }
  return `${told} and ${anova.seeds} seeds.${interactionWords(anova)}`;
}

function tableFor(anova: Anova, paper: Shares | undefined): Table {
  return {
    caption: `Analysis of variance of the log loss, ${MEASURE_LABELS[anova.measure]}`,
    head: ["effect", "share", "95 % interval", "of the means", "paper", "df", "F", "p"],
    rows: anova.effects.map((effect) => {
      const published = paperShare(paper, effect.name);
      return [
        EFFECTS[effect.name],
        effect.share.toFixed(3),
        effect.low === undefined || effect.high === undefined
          ? "–"
          : `${effect.low.toFixed(3)} to ${effect.high.toFixed(3)}`,
        shareOfMeans(anova, effect.name)?.toFixed(3) ?? "–",
        published === undefined ? "–" : published.toFixed(2),
        effect.df,
        effect.f === undefined ? "–" : num(effect.f),
        effect.p === undefined ? "–" : pValue(effect.p),
      ];
    }),
  };
}

function drawShares(anova: Anova, paper: Shares | undefined, most: number, width: number): Element {
  const name = (effect: AnovaEffect) => EFFECTS[effect.name];
  const published = anova.effects.filter((effect) => paperShare(paper, effect.name) !== undefined);
  const meaned = anova.effects.filter((effect) => shareOfMeans(anova, effect.name) !== undefined);
  const ranged = anova.effects.filter((effect) => effect.low !== undefined && effect.high !== undefined);
  return Plot.plot({
    width,
    height: 52 * anova.effects.length + 44,
    marginLeft: 142,
    marginRight: 46,
    marginBottom: 36,
    x: { domain: [0, most], label: "share of the variance →", grid: true, ticks: width < 420 ? 3 : 6 },
    y: { domain: anova.effects.map(name), label: null, padding: 0.42 },
    marks: [
      Plot.barX(anova.effects, {
        x: "share",
        y: name,
        fill: (e: AnovaEffect) => (e.name === "residual" || e.name === "seed" ? "var(--muted)" : "var(--bar)"),
        className: "shares",
      }),
      Plot.ruleY(ranged, { x1: "low", x2: "high", y: name, stroke: "var(--ink)", strokeWidth: 1.6, marker: "tick" }),
      Plot.dot(meaned, {
        x: (e: AnovaEffect) => shareOfMeans(anova, e.name),
        y: name,
        r: 5,
        fill: "var(--surface)",
        stroke: "var(--bar)",
        strokeWidth: 2.4,
        className: "means-shares",
      }),
      Plot.dot(published, {
        x: (e: AnovaEffect) => paperShare(paper, e.name),
        y: name,
        symbol: "diamond",
        r: 7,
        fill: "var(--surface)",
        stroke: "var(--paper)",
        strokeWidth: 2.4,
        className: "paper-shares",
      }),
      Plot.text(anova.effects, {
        x: (e: AnovaEffect) =>
          Math.max(e.share, e.high ?? 0, paperShare(paper, e.name) ?? 0, shareOfMeans(anova, e.name) ?? 0),
        y: name,
        text: (e: AnovaEffect) => share(e.share),
        textAnchor: "start",
        dx: 12,
        fontWeight: 600,
      }),
    ],
  });
}

export function anovaSection(run: Run): HTMLElement {
  const { anova, paper } = run.json;
  if (!anova || anova.length === 0)
    return absent("anova", TITLE, "analysis of variance (it needs every cell of the grid)", "heddle toy --out DIR");
  let shown = anova[0]!;
  const most = reach(anova, paper?.anova);
  const caption = h("p", { id: "anova-words" }, words(shown));
  const numbers = new NumbersTable(() => tableFor(shown, paper?.anova));
  const chart = new Chart(
    (width) => drawShares(shown, paper?.anova, most, width),
    () => words(shown),
  );
  const choice = select(
    "Loss",
    "anova-measure",
    anova.map(({ measure }) => ({ value: measure, label: MEASURE_LABELS[measure] })),
    (value) => {
      shown = anova.find(({ measure }) => measure === value)!;
      caption.textContent = words(shown);
      chart.refresh();
      numbers.refresh();
    },
  );
  return section(
    "anova",
    TITLE,
    "The paper splits the variance of the log loss over all cells into the part that Δz explains, " +
      "the part that w explains and the part that needs both. " +
      "These shares depend on where the grid ends, so they are not expected to agree digit by digit.",
    h(
      "div",
      { class: "columns" },
      figure({
        title: "Shares of the variance",
        id: "anova-figure",
        controls: h("div", { class: "choices" }, choice),
        key: keyOf([
          { label: "this run", colour: "var(--bar)", area: true },
          ...(anova.some(({ effects }) => effects.some(({ low }) => low !== undefined))
            ? [{ label: "95 % interval", colour: "var(--ink)", line: true }]
            : []),
          ...(anova.some(({ of_means, seeds }) => of_means && seeds > 1)
            ? [
                {
                  label: "of the cells’ means (no scatter of seeds)",
                  colour: "var(--bar)",
                  symbol: "circle" as const,
                  hollow: true,
                },
              ]
            : []),
          ...(paper ? [{ label: "the paper", colour: "var(--paper)", symbol: "diamond" as const, hollow: true }] : []),
        ]),
        body: chart.element,
        caption,
        numbers,
      }),
      paperCard(run),
    ),
  );
}
