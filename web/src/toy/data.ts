// toy.json as the page reads it: docs/reference/toy-json.md says what each key means. Keys marked `?` are absent from
// runs
// that have nothing for them; the page then says what would fill the place.

export type Measure = "ood" | "covered" | "whole";
export type RegimeName = "disjoint" | "structured" | "overlapping";

/** One value per seed for each measure. */
export type Losses = Record<Measure, number[]>;

export interface Regime {
  name: RegimeName;
  transfer: number;
  two_modes: number;
  source_share: number;
  sure: number;
}

export interface FieldLevel {
  signal: number;
  net: number[];
  optimum: number[];
}

export interface FieldPoint {
  xy: [number, number];
  covered: boolean;
  levels: FieldLevel[];
}

export interface Cell {
  i: number;
  j: number;
  delta_z: number;
  w: number;
  loss: Losses & { ood_median?: number[] };
  optimum?: Losses;
  regime: Regime;
  /** Of the first seed; absent if that seed of this cell was not reached. */
  samples?: number[];
  field?: { points: FieldPoint[] };
}

export interface AnovaEffect {
  name: "delta_z" | "w" | "interaction" | "seed" | "residual";
  share: number;
  low?: number;
  high?: number;
  df: number;
  f?: number;
  p?: number;
}

export interface Anova {
  measure: Measure | "ood_median";
  effects: AnovaEffect[];
  of_means?: Shares;
  cells: number;
  seeds: number;
}

export interface Shares {
  delta_z: number;
  w: number;
  interaction: number;
}

export interface Points {
  count: number;
  xy: number[];
  out: number[];
}

export interface EvaluationGrid {
  side: number;
  covered_to: number;
  xy: number[];
  truth: number[];
  source_truth: number[];
}

export interface Finding {
  claim: string;
  expected: string;
  found: string;
  holds: boolean;
  note?: string;
}

export interface BestW {
  delta_z: number;
  w: number;
  w_low?: number;
  w_high?: number;
  ood: number;
  target_only_ood: number;
  factor: number;
  factor_low?: number;
  factor_high?: number;
}

export interface RegimeError {
  name: RegimeName;
  delta_z: number;
  w: number;
  error: number[];
  low?: number[];
  high?: number[];
}

export interface Variant {
  name: string;
  what: string;
  shares: Shares;
  best: [number, number];
  worst: [number, number];
}

export interface GuidelineSetting {
  setting: string;
  w_n: number;
  w_q: number;
  best_w: number;
  best: number;
  best_inside_w: number;
  best_inside: number;
  regret: number;
}

export interface Paper {
  source: string;
  anova: Shares;
  best: string;
  best_cells?: [number, number][];
  worst: string;
  flat: string;
}

export interface ToyRun {
  schema: "heddle.toy/1";
  version: string;
  partial?: boolean;
  options: Record<string, unknown>;
  options_hash: string;
  grid: { delta_z: number[]; w: number[]; seeds: number };
  cells: Cell[];
  target_only: { delta_z: number; loss: Losses }[];
  data: { source: Points; target: Points; grid: EvaluationGrid };
  field_axes?: { u: number[]; v: number[] };
  anova?: Anova[];
  paper?: Paper;
  findings?: Finding[];
  best_w?: BestW[];
  overlap?: { signal: number[]; curves: { name: string; values: number[] }[] };
  weights?: { signal: number[]; delta_z?: number; rows: { w: number; target_share: number[] }[] };
  net_vs_optimum?: { signal: number[]; width: number; regimes: RegimeError[] };
  sensitivity?: { baseline: Partial<Omit<Variant, "name" | "what">>; variants: Variant[]; moves_most: string };
  /** From which on a cell is overlapping (two_modes, source_share), and else structured (transfer). */
  thresholds?: { two_modes: number; source_share: number; transfer: number };
  guideline?: { settings: GuidelineSetting[]; note?: string };
}

/** The run that was put into this page. Throws, with a sentence for the reader, if there is none that it can show. */
export function readRun(element: HTMLElement | null): ToyRun {
  const text = element?.textContent ?? "";
  let run: Partial<ToyRun>;
  try {
    run = JSON.parse(text) as Partial<ToyRun>;
  } catch {
    throw new Error("This page holds no run yet: it is the empty template that “heddle toy --out DIR” fills.");
  }
  if (run.schema !== "heddle.toy/1") {
    throw new Error(`This page shows runs of schema heddle.toy/1; this one says “${String(run.schema)}”.`);
  }
  const needed = ["grid", "cells", "data", "target_only", "options"] as const;
  const missing = needed.filter((key) => run[key] === undefined);
  if (missing.length > 0) throw new Error(`The run in this page lacks ${missing.join(", ")}: it cannot be shown.`);
  return run as ToyRun;
}
