// A made-up run of the toy in the shape of docs/reference/toy-json.md, for looking at the page and testing it without
// training anything. What is in it is plausible and means nothing.
//
//   node test/make_sample.mjs FILE [--seeds N] [--bare] [--partial] [--hostile] [--small]

import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { anovaOf, makeBestW } from "./sample/analysis.mjs";
import { FIELD_AXIS, makeCell } from "./sample/cell.mjs";
import { DELTA_Z, PER_POINT, randomOf, round, THRESHOLDS, W } from "./sample/numbers.mjs";
import { makeCurves, makeFindings, makeGuideline, makeSensitivity } from "./sample/tables.mjs";
import { makeData } from "./sample/world.mjs";

export const HOSTILE = `</script><script>window.pwned=1</script><img src=x onerror="window.pwned=1">`;

export function makeSample({
  seeds = 3,
  bare = false,
  partial = false,
  hostile = false,
  small = false,
  seed = 7,
} = {}) {
  const random = randomOf(seed);
  const data = makeData(random);
  const targetOnly = DELTA_Z.map((delta_z) => {
    const loss = {};
    for (const [key, value] of [
      ["whole", 6],
      ["covered", 0.02],
      ["ood", 12],
    ])
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
    options: {
      seed,
      steps: 6000,
      batch: 128,
      seeds,
      net: { width: 128, depth: 4 },
      note: hostile ? HOSTILE : "made-up sample",
    },
    options_hash: "9f2c61d0a3b84e57".repeat(4),
    grid: { delta_z: DELTA_Z, w: W, seeds },
    per_point: PER_POINT,
    thresholds: THRESHOLDS,
    cells,
    target_only: targetOnly,
    data,
    field_axes: { u: FIELD_AXIS, v: FIELD_AXIS },
  };
  if (bare) return page;
  const shares = Object.fromEntries(anova[0].effects.map((e) => [e.name, e.share]));
  return Object.assign(page, {
    anova,
    paper: {
      source: "arXiv 2604.13645",
      anova: { delta_z: 0.48, w: 0.22, interaction: 0.3 },
      best: "Δz = 3, w = .05-.1 (loss ~0.9)",
      best_cells: [
        [3, 0.05],
        [3, 0.1],
      ],
      worst: "Δz = 50, w = .001 (loss ~5000)",
      flat: "Δz = .01 (loss ~10 whatever w)",
    },
    findings: makeFindings(hostile ? HOSTILE : undefined),
    best_w: bestW,
    ...makeCurves(),
    sensitivity: makeSensitivity({ delta_z: shares.delta_z, w: shares.w, interaction: shares.interaction }),
    guideline: makeGuideline(),
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const flags = process.argv.slice(3);
  const at = flags.indexOf("--seeds");
  const options = Object.fromEntries(
    ["bare", "partial", "hostile", "small"].map((name) => [name, flags.includes(`--${name}`)]),
  );
  if (at >= 0) options.seeds = Number(flags[at + 1]);
  writeFileSync(process.argv[2], JSON.stringify(makeSample(options)));
}
