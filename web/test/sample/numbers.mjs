// The grid of the made-up run, its random numbers, and how its figures are rounded.

export const DELTA_Z = [0.01, 0.1, 0.5, 1, 3, 5, 10, 20, 50];
export const W = [0.001, 0.01, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99];
export const SIDE = 16;
export const PER_POINT = 4;
export const THRESHOLDS = { two_modes: 0.05, source_share: 0.2, transfer: 0.1 };

export function randomOf(seed) {
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

export const round = (x, digits = 4) => Number(x.toPrecision(digits));
export const clamp = (x, low, high) => Math.min(high, Math.max(low, x));
export const mean = (xs) => xs.reduce((a, b) => a + b, 0) / xs.length;
