// The made-up world: two spirals, samples of them, and what made-up nets put out.

import { clamp, mean, PER_POINT, round, SIDE } from "./numbers.mjs";

export function sourceOutput([x, y]) {
  const angle = 3 * Math.PI * x;
  const radius = 3 * (0.2 + 0.7 * x + 0.2 * (y - 0.5));
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

export function targetOutput(xy) {
  const [u, v] = sourceOutput(xy);
  const c = Math.SQRT1_2;
  return [c * u - c * v + 3, c * u + c * v + 1.5];
}

export function makeData(random) {
  const flat = (count, xMax, output) => {
    const xy = [];
    const out = [];
    for (let i = 0; i < count; ++i) {
      const p = [random.uniform() * xMax, random.uniform()];
      xy.push(...p.map((v) => round(v)));
      out.push(...output(p).map((v) => round(v)));
    }
    return { xy, out };
  };
  const grid = { side: SIDE, covered_to: 0.5, xy: [], truth: [], source_truth: [] };
  for (let iy = 0; iy < SIDE; ++iy) {
    for (let ix = 0; ix < SIDE; ++ix) {
      const p = [(ix + 0.5) / SIDE, (iy + 0.5) / SIDE];
      grid.xy.push(...p);
      grid.truth.push(...targetOutput(p).map((v) => round(v)));
      grid.source_truth.push(...sourceOutput(p).map((v) => round(v)));
    }
  }
  const source = { count: 2000, ...flat(400, 1, sourceOutput) };
  return { source, target: { count: 25, ...flat(25, 0.5, targetOutput) }, grid };
}

// How a cell's net behaves, as smooth made-up functions of Δz and w.
export function behaviour(deltaZ, w) {
  const near = 1 / (1 + (deltaZ / 0.35) ** 2);
  const far = 1 / (1 + (12 / deltaZ) ** 1.6);
  return {
    sourceShare: near * clamp(0.02 + 0.95 / (1 + 12 * w), 0, 0.97),
    memorise: clamp(far + 0.8 * w ** 3, 0, 1),
    spreadCovered: 0.06 + 0.5 * Math.exp(-w * 60) * far,
    spreadOod: 0.25 + 1.8 * far + 1.3 * w ** 4 + 0.3 * Math.exp(-w * 40),
    blowUp: Math.exp(-w * 300) * far * 9,
  };
}

export function drawSamples(data, cell, random) {
  const { xy } = data.grid;
  const samples = [];
  for (let p = 0; p < SIDE * SIDE; ++p) {
    const point = [xy[2 * p], xy[2 * p + 1]];
    const covered = point[0] <= 0.5;
    for (let k = 0; k < PER_POINT; ++k) {
      let at = targetOutput(point);
      if (random.uniform() < cell.sourceShare) at = sourceOutput(point);
      else if (!covered && random.uniform() < cell.memorise) {
        const i = Math.floor(random.uniform() * 25);
        at = [data.target.out[2 * i], data.target.out[2 * i + 1]];
      }
      const spread = (covered ? cell.spreadCovered : cell.spreadOod) + cell.blowUp;
      samples.push(
        Math.round(100 * (at[0] + spread * random.normal())),
        Math.round(100 * (at[1] + spread * random.normal())),
      );
    }
  }
  return samples;
}

export function measure(data, samples) {
  const { xy, truth, source_truth } = data.grid;
  const errors = { covered: [], ood: [] };
  let twoModes = 0;
  let nearSource = 0;
  for (let p = 0; p < SIDE * SIDE; ++p) {
    const covered = xy[2 * p] <= 0.5;
    let ofSource = 0;
    for (let k = 0; k < PER_POINT; ++k) {
      const u = samples[2 * (p * PER_POINT + k)] / 100;
      const v = samples[2 * (p * PER_POINT + k) + 1] / 100;
      const right = (u - truth[2 * p]) ** 2 + (v - truth[2 * p + 1]) ** 2;
      const wrong = (u - source_truth[2 * p]) ** 2 + (v - source_truth[2 * p + 1]) ** 2;
      errors[covered ? "covered" : "ood"].push(right);
      ofSource += wrong < right;
    }
    if (covered) {
      nearSource += ofSource;
      twoModes += ofSource > 0 && ofSource < PER_POINT;
    }
  }
  const sorted = [...errors.ood].sort((a, b) => a - b);
  return {
    whole: mean([...errors.covered, ...errors.ood]),
    covered: mean(errors.covered),
    ood: mean(errors.ood),
    ood_median: sorted[sorted.length >> 1],
    twoModes: twoModes / ((SIDE * SIDE) / 2),
    sourceShare: nearSource / errors.covered.length,
  };
}
