// A logarithmic axis along the bottom whose every tick is labelled, with a line up from each.
import * as Plot from "@observablehq/plot";
import { num } from "./format";

export function logAxis(ticks: number[], label: string): Plot.Markish[] {
  return [
    Plot.gridX(ticks),
    Plot.axisX(ticks, { text: (x: number) => num(x), label, labelArrow: "none", anchor: "bottom" }),
  ];
}

export function logAxisY(ticks: number[], label: string): Plot.Markish[] {
  return [
    Plot.gridY(ticks),
    Plot.axisY(ticks, { text: (x: number) => num(x), label, labelArrow: "none", anchor: "left" }),
  ];
}

/** The powers of ten inside a domain. */
export function decades([low, high]: [number, number]): number[] {
  const first = Math.ceil(Math.log10(low));
  const last = Math.floor(Math.log10(high));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => Number(`1e${first + k}`));
}
