// Questions that the page's parts ask of a run: which cell stands where, which is best, what a cell's samples are.
import { geometricMean } from "../kit/format";
import { pairs, type XY } from "./geometry";
import type { Cell, Losses, Measure, RegimeName, ToyRun } from "./data";

export interface Place {
  i: number;
  j: number;
}

export const MEASURES: { value: Measure; label: string; plain: string }[] = [
  { value: "ood", label: "out of distribution", plain: "where the target has no samples" },
  { value: "covered", label: "covered", plain: "where the target has samples" },
  { value: "whole", label: "whole plane", plain: "everywhere" },
];

export interface RegimeWords {
  short: string;
  letter: string;
  meaning: string;
}

export const REGIMES: Record<RegimeName, RegimeWords> = {
  disjoint: { short: "Disjoint", letter: "D", meaning: "too far apart: the source does not help" },
  structured: { short: "Structured aligned", letter: "S", meaning: "close, yet tellable: the source helps" },
  overlapping: { short: "Overlapping", letter: "O", meaning: "too alike: the two answers get mixed up" },
};

export const REGIME_NAMES = Object.keys(REGIMES) as RegimeName[];

export interface Samples {
  all: XY[];
  perInput: number;
  of(input: number): XY[];
}

/** A run with its cells by place. */
export class Run {
  readonly deltaZ: number[];
  readonly w: number[];
  private readonly byPlace = new Map<number, Cell>();

  constructor(readonly json: ToyRun) {
    this.deltaZ = json.grid.delta_z;
    this.w = json.grid.w;
    for (const cell of json.cells) this.byPlace.set(this.key(cell), cell);
  }

  cell(place: Place): Cell | undefined {
    return this.byPlace.get(this.key(place));
  }

  targetOnly(i: number): Losses | undefined {
    return this.json.target_only.find((row) => row.delta_z === this.deltaZ[i])?.loss;
  }

  /** The samples that a cell's net drew, by input of the evaluation grid; undefined if they were not kept. */
  samples(place: Place): Samples | undefined {
    const flat = this.cell(place)?.samples;
    if (!flat) return undefined;
    const all = pairs(flat).map(([u, v]): XY => [u / 100, v / 100]);
    const perInput = flat.length / this.json.data.grid.xy.length;
    return { all, perInput, of: (input) => all.slice(input * perInput, (input + 1) * perInput) };
  }

  get seeds(): number {
    return this.json.grid.seeds;
  }

  /** The trained cell with the least loss. */
  best(value: (cell: Cell) => number | undefined): Cell | undefined {
    let best: Cell | undefined;
    let least = Infinity;
    for (const cell of this.json.cells) {
      const loss = value(cell);
      if (loss !== undefined && loss < least) [best, least] = [cell, loss];
    }
    return best;
  }

  private key({ i, j }: Place): number {
    return i * this.w.length + j;
  }
}

/** A cell's loss: the geometric mean over its seeds. */
export function netLoss(cell: Cell, measure: Measure): number {
  return geometricMean(cell.loss[measure]);
}

export function optimumLoss(cell: Cell, measure: Measure): number | undefined {
  const losses = cell.optimum?.[measure];
  return losses && geometricMean(losses);
}

/** The cell to point a stranger to for a regime: where its mark is plainest among the cells that are surest of it. */
export function example(run: Run, name: RegimeName): Cell | undefined {
  const cells = run.json.cells.filter((cell) => cell.regime.name === name);
  const surest = Math.max(...cells.map((cell) => cell.regime.sure));
  const plain = (cell: Cell) => {
    if (name === "overlapping") return cell.regime.two_modes;
    if (name === "structured") return cell.regime.transfer;
    return -Math.abs(cell.regime.transfer) - netLoss(cell, "covered");
  };
  return cells.filter((cell) => cell.regime.sure === surest).sort((a, b) => plain(b) - plain(a))[0];
}
