// One made-up cell: its losses, its regime, its samples, its score field.

import { DELTA_Z, mean, round, THRESHOLDS, W } from "./numbers.mjs";
import { behaviour, drawSamples, measure, sourceOutput, targetOutput } from "./world.mjs";

export const FIELD_AXIS = Array.from({ length: 11 }, (_, i) => round(-4 + (11 * i) / 10, 3));

function fieldOf(point, cell, signal, smooth) {
  const alpha = Math.sqrt(signal);
  const variance = 1 - signal + smooth;
  const modes = [
    [targetOutput(point), 1 - cell.sourceShare],
    [sourceOutput(point), cell.sourceShare + 1e-9],
  ];
  const field = [];
  for (const v of FIELD_AXIS) {
    for (const u of FIELD_AXIS) {
      const logs = modes.map(
        ([m, share]) => Math.log(share) - ((u - alpha * m[0]) ** 2 + (v - alpha * m[1]) ** 2) / (2 * variance),
      );
      const top = Math.max(...logs);
      const weights = logs.map((l) => Math.exp(l - top));
      const total = weights[0] + weights[1];
      field.push(
        ...[0, 1].map((c) => modes.reduce((sum, [m], k) => sum + (weights[k] / total) * (alpha * m[c] - [u, v][c]), 0)),
      );
    }
  }
  let longest = 0;
  for (let i = 0; i < field.length; i += 2) longest = Math.max(longest, Math.hypot(field[i], field[i + 1]));
  return field.map((x) => Math.round((100 * x) / longest));
}

function makeField(cell) {
  const points = [
    { xy: [0.25, 0.5], covered: true },
    { xy: [0.75, 0.5], covered: false },
  ];
  for (const point of points) {
    point.levels = [0.0001, 0.1, 0.3, 0.6, 0.9].map((signal) => ({
      signal,
      net: fieldOf(point.xy, cell, signal, 0.15),
      optimum: fieldOf(point.xy, cell, signal, 0.01),
    }));
  }
  return { points };
}

function nameRegime({ transfer, two_modes, source_share }) {
  if (two_modes >= THRESHOLDS.two_modes || source_share >= THRESHOLDS.source_share) return "overlapping";
  return transfer >= THRESHOLDS.transfer ? "structured" : "disjoint";
}

export function makeCell(context, i, j) {
  const { data, random, seeds, targetOnly } = context;
  const shape = behaviour(DELTA_Z[i], W[j]);
  const samples = drawSamples(data, shape, random);
  const found = measure(data, samples);
  const optimum = measure(
    data,
    drawSamples(data, { ...shape, spreadCovered: 0.04, spreadOod: 0.5 + shape.memorise, blowUp: 0 }, random),
  );
  const overSeeds = (value, spread) =>
    Array.from({ length: seeds }, (_, s) => round(value * (s === 0 ? 1 : Math.exp(spread * random.normal()))));
  const loss = {};
  for (const key of ["whole", "covered", "ood", "ood_median"]) loss[key] = overSeeds(found[key], 0.4);
  const best = {};
  for (const key of ["whole", "covered", "ood"]) best[key] = overSeeds(optimum[key], 0.2);
  const regime = {
    transfer: round(Math.log10(mean(targetOnly[i].loss.ood) / mean(loss.ood)), 3),
    two_modes: round(found.twoModes, 3),
    source_share: round(found.sourceShare, 3),
    sure: round(Math.ceil(seeds * (0.55 + 0.45 * random.uniform())) / seeds, 3),
  };
  return {
    i,
    j,
    delta_z: DELTA_Z[i],
    w: W[j],
    loss,
    optimum: best,
    regime: { name: nameRegime(regime), ...regime },
    samples,
    field: makeField(shape),
  };
}
