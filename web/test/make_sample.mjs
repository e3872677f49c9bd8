// A made-up run of the toy in the shape of docs/reference/toy-json.md, for looking at the page and testing it without
// training anything. What is in it is plausible and means nothing.
//
//   node test/make_sample.mjs FILE [--seeds N] [--bare] [--partial] [--hostile] [--small]

import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const DELTA_Z = [0.01, 0.1, 0.5, 1, 3, 5, 10, 20, 50];
const W = [0.001, 0.01, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99];
const SIDE = 16;
const PER_POINT = 4;
const THRESHOLDS = { two_modes: 0.05, source_share: 0.2, transfer: 0.1 };
export const HOSTILE = `</script><script>window.pwned=1</script><img src=x onerror="window.pwned=1">`;

function randomOf(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

const round = (x, digits = 4) => Number(x.toPrecision(digits));
const clamp = (x, low, high) => Math.min(high, Math.max(low, x));
const mean = (xs) => xs.reduce((a, b) => a + b, 0) / xs.length;

function sourceOutput([x, y]) {
  const angle = 3 * Math.PI * x;
  const radius = 3 * (0.2 + 0.7 * x + 0.2 * (y - 0.5));
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

function targetOutput(xy) {
  const [u, v] = sourceOutput(xy);
  const c = Math.SQRT1_2;
  return [c * u - c * v + 3, c * u + c * v + 1.5];
}

function makeData(random) {
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
function behaviour(deltaZ, w) {
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

function drawSamples(data, cell, random) {
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
      samples.push(Math.round(100 * (at[0] + spread * random.normal())), Math.round(100 * (at[1] + spread * random.normal())));
    }
  }
  return samples;
}

function measure(data, samples) {
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
    twoModes: twoModes / (SIDE * SIDE / 2),
    sourceShare: nearSource / errors.covered.length,
  };
}

const FIELD_AXIS = Array.from({ length: 11 }, (_, i) => round(-4 + (11 * i) / 10, 3));

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
      const logs = modes.map(([m, share]) => Math.log(share) - ((u - alpha * m[0]) ** 2 + (v - alpha * m[1]) ** 2) / (2 * variance));
      const top = Math.max(...logs);
      const weights = logs.map((l) => Math.exp(l - top));
      const total = weights[0] + weights[1];
      field.push(...[0, 1].map((c) => modes.reduce((sum, [m], k) => sum + (weights[k] / total) * (alpha * m[c] - [u, v][c]), 0)));
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

function makeCell(context, i, j) {
  const { data, random, seeds, targetOnly } = context;
  const shape = behaviour(DELTA_Z[i], W[j]);
  const samples = drawSamples(data, shape, random);
  const found = measure(data, samples);
  const optimum = measure(data, drawSamples(data, { ...shape, spreadCovered: 0.04, spreadOod: 0.5 + shape.memorise, blowUp: 0 }, random));
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
    i, j, delta_z: DELTA_Z[i], w: W[j], loss, optimum: best,
    regime: { name: nameRegime(regime), ...regime }, samples, field: makeField(shape),
  };
}

function anovaOf(cells, key, seeds) {
  const value = (cell, s) => Math.log(cell.loss[key][s]);
  const all = cells.flatMap((c) => c.loss[key].map((_, s) => value(c, s)));
  const grand = mean(all);
  const cellMean = (c) => mean(c.loss[key].map((_, s) => value(c, s)));
  const byRow = DELTA_Z.map((_, i) => mean(cells.filter((c) => c.i === i).map(cellMean)) - grand);
  const byColumn = W.map((_, j) => mean(cells.filter((c) => c.j === j).map(cellMean)) - grand);
  const total = all.reduce((sum, x) => sum + (x - grand) ** 2, 0);
  const rowSum = 9 * seeds * byRow.reduce((sum, x) => sum + x * x, 0);
  const columnSum = 9 * seeds * byColumn.reduce((sum, x) => sum + x * x, 0);
  const both = seeds * cells.reduce((sum, c) => sum + (cellMean(c) - grand - byRow[c.i] - byColumn[c.j]) ** 2, 0);
  const bySeed = Array.from({ length: seeds }, (_, s) => mean(cells.map((c) => value(c, s))) - grand);
  const seedSum = 81 * bySeed.reduce((sum, x) => sum + x * x, 0);
  const rest = total - rowSum - columnSum - both - seedSum;
  const perDf = rest / (80 * (seeds - 1) || 1);
  const effect = (name, sum, df) => {
    const share = sum / total;
    if (seeds === 1 || name === "seed") return { name, share: round(share, 3), df };
    const bounds = { name, share: round(share, 3), low: round(Math.max(0, share - 0.07), 3), high: round(share + 0.06, 3), df };
    if (name === "residual") return bounds;
    return { ...bounds, f: round(sum / df / perDf, 3), p: name === "interaction" ? 0.0004 : 1e-12 };
  };
  const effects = [effect("delta_z", rowSum, 8), effect("w", columnSum, 8), effect("interaction", both, 64)];
  if (seeds > 1) effects.push(effect("seed", seedSum, seeds - 1), effect("residual", rest, 80 * (seeds - 1)));
  const ofMeans = rowSum + columnSum + both;
  const of_means = { delta_z: round(rowSum / ofMeans, 4), w: round(columnSum / ofMeans, 4), interaction: round(both / ofMeans, 4) };
  return { measure: key, effects, of_means, cells: cells.length, seeds };
}

const SIGNAL = [0.0001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98];

function makeCurves() {
  const overlap = (gap) => SIGNAL.map((s) => round(Math.exp((-s * gap * gap) / (8 * (1 - s + 0.05 * s))), 4));
  return {
    overlap: {
      signal: SIGNAL,
      curves: [
        { name: "source-target", values: overlap(3.4) },
        { name: "target-target", values: overlap(1.2) },
        { name: "source-source", values: overlap(0.9) },
      ],
    },
    weights: {
      signal: SIGNAL,
      w: W,
      delta_z: 0.01,
      rows: W.map((w) => ({
        w,
        target_share: SIGNAL.map((s) => round(1 / (1 + ((1 - w) / w) * 0.03 * Math.exp(-7 * s)), 4)),
      })),
    },
    net_vs_optimum: {
      signal: SIGNAL,
      width: 0.15,
      regimes: [["overlapping", 0.01, 0.1, 1], ["structured", 1, 0.1, 1.6], ["disjoint", 10, 0.5, 0.7]].map(([name, delta_z, w, k]) => {
        const error = SIGNAL.map((s) => round(k * (0.003 + 0.05 * s ** 3 + 0.5 * s ** 24), 3));
        return { name, delta_z, w, error, low: error.map((e) => round(e * 0.7, 3)), high: error.map((e) => round(e * 1.5, 3)) };
      }),
    },
  };
}

function makeGuideline() {
  const names = ["nut_assembly", "mug_cleanup", "mug_hang"].flatMap((t) => ["visual", "physics", "visual_physics"].map((g) => `${t} / ${g}`));
  return {
    settings: names.map((setting, k) => ({
      setting, w_n: 0.016, w_q: 0.129, best_w: k % 3 === 1 ? 0.3 : 0.1, best: round(0.5 + 0.04 * k, 3),
      best_inside_w: k % 2 ? 0.1 : 0.016, best_inside: round(0.5 + 0.04 * k - (k % 3 === 1 ? 0.01 : 0), 3), regret: k % 3 === 1 ? 0.01 : 0,
    })),
    note: "Compared at three decimals, as the table is printed.",
  };
}

function makeSensitivity(shares) {
  const variant = (name, what, a, b) => ({
    name, what, shares: { delta_z: a, w: b, interaction: round(1 - a - b, 3) }, best: [3, 0.05], worst: [50, 0.001],
  });
  return {
    baseline: { shares, best: [5, 0.05], worst: [50, 0.001] },
    variants: [
      variant("grid without w = .001 and .99", "the grid's ends in w are left out", 0.67, 0.13),
      variant("grid without Δz = 50", "the grid's far end in Δz is left out", 0.2, 0.6),
      variant("SiLU", "the nets' activation", 0.4, 0.4),
      variant("half the steps", "3000 gradient steps instead of 6000", 0.44, 0.38),
      variant("z divided by 10", "how far Δz reaches into the net's input", 0.3, 0.5),
    ],
    moves_most: "grid without Δz = 50",
  };
}

function makeFindings(hostile) {
  return [
    { claim: "Out of distribution Δz has the largest share of the variance", expected: "Δz > w and Δz > interaction", found: "Δz .47, w .35, interaction .12", holds: true },
    { claim: "The interaction exceeds what the seeds explain", expected: "F-test, p < .01", found: "F(64,160) = 2.1, p = .0004", holds: true },
    { claim: "The worst cell is Δz = 50, w = .001", expected: "loss ~5000 in the paper", found: "loss 117", holds: true, note: "Worst it is, but forty times less bad than in the paper." },
    { claim: "Shares equal the paper's", expected: ".48 / .22 / .30", found: ".47 / .35 / .12", holds: false, note: hostile ? HOSTILE : "The shares hang on the grid's ends; see what moves them most." },
  ];
}

function makeBestW(cells, targetOnly, seeds) {
  return [0.5, 1, 3, 5].map((delta_z) => {
    const i = DELTA_Z.indexOf(delta_z);
    const row = cells.filter((c) => c.i === i);
    const best = row.reduce((a, b) => (mean(a.loss.ood) < mean(b.loss.ood) ? a : b));
    const alone = mean(targetOnly[i].loss.ood);
    const factor = alone / mean(best.loss.ood);
    const bounds = seeds > 1 ? { w_low: W[Math.max(0, best.j - 1)], w_high: W[Math.min(8, best.j + 2)], factor_low: round(factor * 0.7, 3), factor_high: round(factor * 1.4, 3) } : {};
    return { delta_z, w: best.w, ood: round(mean(best.loss.ood)), target_only_ood: round(alone), factor: round(factor, 3), ...bounds };
  });
}

export function makeSample({ seeds = 3, bare = false, partial = false, hostile = false, small = false, seed = 7 } = {}) {
  const random = randomOf(seed);
  const data = makeData(random);
  const targetOnly = DELTA_Z.map((delta_z) => {
    const loss = {};
    for (const [key, value] of [["whole", 6], ["covered", 0.02], ["ood", 12]])
      loss[key] = Array.from({ length: seeds }, () => round(value * Math.exp(0.2 * random.normal())));
    return { delta_z, loss };
  });
  const context = { data, random, seeds, targetOnly };
  let cells = DELTA_Z.flatMap((_, i) => W.map((_, j) => makeCell(context, i, j)));
  const anova = ["ood", "ood_median", "whole", "covered"].map((key) => anovaOf(cells, key, seeds));
  const bestW = makeBestW(cells, targetOnly, seeds);
  if (partial) cells = cells.filter((_, k) => k % 4 !== 1);
  if (small) cells.forEach((c) => delete c.field);
  const page = {
    schema: "heddle.toy/1",
    version: hostile ? HOSTILE : "0.1.0",
    ...(partial ? { partial: true } : {}),
    options: { seed, steps: 6000, batch: 128, seeds, net: { width: 128, depth: 4 }, note: hostile ? HOSTILE : "made-up sample" },
    options_hash: "9f2c61d0a3b84e57".repeat(4),
    grid: { delta_z: DELTA_Z, w: W, seeds },
    per_point: PER_POINT,
    thresholds: THRESHOLDS,
    cells, target_only: targetOnly, data, field_axes: { u: FIELD_AXIS, v: FIELD_AXIS },
  };
  if (bare) return page;
  const shares = Object.fromEntries(anova[0].effects.map((e) => [e.name, e.share]));
  return Object.assign(page, {
    anova,
    paper: {
      source: "arXiv 2604.13645", anova: { delta_z: 0.48, w: 0.22, interaction: 0.3 },
      best: "Δz = 3, w = .05-.1 (loss ~0.9)", best_cells: [[3, 0.05], [3, 0.1]], worst: "Δz = 50, w = .001 (loss ~5000)", flat: "Δz = .01 (loss ~10 whatever w)",
    },
    findings: makeFindings(hostile),
    best_w: bestW,
    ...makeCurves(),
    sensitivity: makeSensitivity({ delta_z: shares.delta_z, w: shares.w, interaction: shares.interaction }),
    guideline: makeGuideline(),
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const flags = process.argv.slice(3);
  const at = flags.indexOf("--seeds");
  const options = Object.fromEntries(["bare", "partial", "hostile", "small"].map((name) => [name, flags.includes(`--${name}`)]));
  if (at >= 0) options.seeds = Number(flags[at + 1]);
  writeFileSync(process.argv[2], JSON.stringify(makeSample(options)));
}
