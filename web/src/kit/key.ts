// A chart's key: every entry shows the very symbol, line or area that stands in the chart, so colour is never needed
// alone.
import {
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolTimes,
  symbolTriangle,
  symbolStar,
  type SymbolType,
} from "d3-shape";
import { h, s } from "./dom";

export const SYMBOLS: Record<string, SymbolType> = {
  circle: symbolCircle,
  cross: symbolCross,
  diamond: symbolDiamond,
  square: symbolSquare,
  star: symbolStar,
  times: symbolTimes,
  triangle: symbolTriangle,
};

export interface KeyEntry {
  label: string;
  colour: string;
  /** One of SYMBOLS, or a line with its dashes, or an area. */
  symbol?: keyof typeof SYMBOLS;
  hollow?: boolean;
  dash?: string;
  area?: boolean;
  line?: boolean;
}

function sample(entry: KeyEntry): SVGSVGElement {
  const svg = s("svg", { width: 26, height: 14, viewBox: "-13 -7 26 14", "aria-hidden": "true", class: "swatch" });
  const { colour } = entry;
  if (entry.area)
    svg.append(
      s("rect", {
        x: -12,
        y: -5,
        width: 24,
        height: 10,
        rx: 2,
        style: `fill: ${colour}; fill-opacity: .25; stroke: ${colour}`,
      }),
    );
  if (entry.line || entry.dash) {
    svg.append(
      s("line", {
        x1: -12,
        x2: 12,
        style: `stroke: ${colour}; stroke-width: 2.2; stroke-dasharray: ${entry.dash ?? "none"}`,
      }),
    );
  }
  if (entry.symbol) {
    const drawn = entry.symbol === "times" || entry.hollow;
    const style = drawn ? `fill: none; stroke: ${colour}; stroke-width: 1.8` : `fill: ${colour}`;
    svg.append(s("path", { d: symbol(SYMBOLS[entry.symbol], 56)() ?? "", style }));
  }
  return svg;
}

export function keyOf(entries: KeyEntry[]): HTMLUListElement {
  return h(
    "ul",
    { class: "key" },
    entries.map((entry) => h("li", {}, sample(entry), entry.label)),
  );
}

/** A key whose entries are check boxes: `toggle(index, shown)` hides and shows what they stand for. */
export function togglingKey(entries: KeyEntry[], toggle: (index: number, shown: boolean) => void): HTMLUListElement {
  const box = (entry: KeyEntry, index: number) => {
    const input = h("input", { type: "checkbox", checked: true });
    input.addEventListener("change", () => toggle(index, input.checked));
    return h("li", {}, h("label", {}, input, sample(entry), entry.label));
  };
  return h("ul", { class: "key toggling" }, entries.map(box));
}
