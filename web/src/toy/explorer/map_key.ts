// How to read the map of all cells: its colours, its marks, and a sentence on what its numbers are.
import { interpolateViridis } from "d3-scale-chromatic";
import { h } from "../../kit/dom";
import { num } from "../../kit/format";
import { keyOf, type KeyEntry } from "../../kit/key";
import type { Measure } from "../data";
import { MEASURES, REGIMES, REGIME_NAMES, type Run } from "../run";

export type Shown = "net" | "optimum" | "regime";

/** From the worst (0, dark) to the best (1, bright). */
export function rampColour(goodness: number): string {
  return interpolateViridis(0.04 + 0.96 * goodness);
}

function regimeKey(): HTMLElement {
  const entry = (name: (typeof REGIME_NAMES)[number]) => {
    const { letter, short, meaning } = REGIMES[name];
    return h("li", {}, h("span", { class: `badge regime-${name}` }, letter), ` ${short}: ${meaning}`);
  };
  return h("ul", { class: "key" }, REGIME_NAMES.map(entry));
}

function ramp(low: number, high: number): HTMLElement {
  const stops = Array.from({ length: 9 }, (_, k) => rampColour(k / 8)).join(", ");
  return h(
    "div",
    { class: "ramp" },
    h("span", {}, `worst ${num(high)}`),
    h("i", { style: `background: linear-gradient(90deg, ${stops})` }),
    h("span", {}, `best ${num(low)}`),
  );
}

export function mapKey(run: Run, shown: Shown, low: number, high: number): HTMLElement[] {
  const marks: KeyEntry[] = [];
  if (shown !== "regime") marks.push({ label: "best here", colour: "var(--ink)", symbol: "diamond" });
  if (run.json.paper?.best_cells) marks.push({ label: "best in the paper", colour: "var(--ink)", symbol: "star" });
  return [shown === "regime" ? regimeKey() : ramp(low, high), keyOf(marks)];
}

export function mapWords(shown: Shown, measure: Measure): string {
  if (shown === "regime") return "Each cell is named by what its net does, never by its Δz.";
  const { plain } = MEASURES.find(({ value }) => value === measure)!;
  const what = shown === "net" ? "a net of its own, trained from nothing" : "the analytic optimum on the same data";
  return (
    `Each cell is ${what}; the number is its squared error ${plain}. Brighter is better. ` +
    "The framed cell is the one under the sliders."
  );
}
