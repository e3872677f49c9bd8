// What is worked out over the made-up cells: analysis of variance, the best w of the rows.

import { DELTA_Z, mean, round, W } from "./numbers.mjs";

export function anovaOf(cells, key, seeds) {
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
    const bounds = {
      name,
      share: round(share, 3),
      low: round(Math.max(0, share - 0.07), 3),
      high: round(share + 0.06, 3),
      df,
    };
    if (name === "residual") return bounds;
    return { ...bounds, f: round(sum / df / perDf, 3), p: name === "interaction" ? 0.0004 : 1e-12 };
  };
  const effects = [effect("delta_z", rowSum, 8), effect("w", columnSum, 8), effect("interaction", both, 64)];
  if (seeds > 1) effects.push(effect("seed", seedSum, seeds - 1), effect("residual", rest, 80 * (seeds - 1)));
  const ofMeans = rowSum + columnSum + both;
  const of_means = {
    delta_z: round(rowSum / ofMeans, 4),
    w: round(columnSum / ofMeans, 4),
    interaction: round(both / ofMeans, 4),
  };
  return { measure: key, effects, of_means, cells: cells.length, seeds };
}

export function makeBestW(cells, targetOnly, seeds) {
  return [0.5, 1, 3, 5].map((delta_z) => {
    const i = DELTA_Z.indexOf(delta_z);
    const row = cells.filter((c) => c.i === i);
    const best = row.reduce((a, b) => (mean(a.loss.ood) < mean(b.loss.ood) ? a : b));
    const alone = mean(targetOnly[i].loss.ood);
    const factor = alone / mean(best.loss.ood);
    const bounds =
      seeds > 1
        ? {
            w_low: W[Math.max(0, best.j - 1)],
            w_high: W[Math.min(8, best.j + 2)],
            factor_low: round(factor * 0.7, 3),
            factor_high: round(factor * 1.4, 3),
          }
        : {};
    return {
      delta_z,
      w: best.w,
      ood: round(mean(best.loss.ood)),
      target_only_ood: round(alone),
      factor: round(factor, 3),
      ...bounds,
    };
  });
}
