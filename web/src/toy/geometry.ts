// Points and outlines in the output plane, from the run's flat lists of coordinates.
import type { EvaluationGrid } from "./data";

export type XY = [number, number];

export function pairs(flat: number[]): XY[] {
  const points: XY[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) points.push([flat[i]!, flat[i + 1]!]);
  return points;
}

export function distance(a: XY, b: XY): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

/** The spiral that `outputs` lie on, as two edges (least and greatest y), each a line along x. */
export function bandOf(grid: EvaluationGrid, outputs: number[]): [XY[], XY[]] {
  const inputs = pairs(grid.xy);
  const out = pairs(outputs);
  const ys = inputs.map(([, y]) => y);
  const edge = (y: number): XY[] =>
    inputs
      .map(([x, py], index) => ({ x, py, at: out[index]! }))
      .filter(({ py }) => py === y)
      .sort((a, b) => a.x - b.x)
      .map(({ at }) => at);
  return [edge(Math.min(...ys)), edge(Math.max(...ys))];
}

export interface Frame {
  u: XY;
  v: XY;
}

/** The part of the output plane that is shown: all that is known to be right, with some room around. */
export function frameOf(points: XY[], room = 0.08): Frame {
  const span = (values: number[]): XY => {
    const low = Math.min(...values);
    const high = Math.max(...values);
    return [low - room * (high - low), high + room * (high - low)];
  };
  return { u: span(points.map(([u]) => u)), v: span(points.map(([, v]) => v)) };
}

export function inside([u, v]: XY, frame: Frame): boolean {
  return u >= frame.u[0] && u <= frame.u[1] && v >= frame.v[0] && v <= frame.v[1];
}

export function clampTo([u, v]: XY, frame: Frame): XY {
  return [Math.min(frame.u[1], Math.max(frame.u[0], u)), Math.min(frame.v[1], Math.max(frame.v[0], v))];
}

export function nearestIndex(points: XY[], to: XY): number {
  let best = 0;
  points.forEach((point, index) => {
    if (distance(point, to) < distance(points[best]!, to)) best = index;
  });
  return best;
}
