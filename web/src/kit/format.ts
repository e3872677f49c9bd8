// Numbers as people read them. A number is shown with as many digits as it is worth, never more.

const MINUS = "\u2212";

function tidy(text: string): string {
  return text.replace(/^-/, MINUS);
}

/** Three significant digits, no trailing noughts: 0.0123, 1.2, 117, 5000, 1.2e-7. */
export function num(x: number, digits = 3): string {
  if (!Number.isFinite(x)) return "–";
  if (x === 0) return "0";
  const size = Math.abs(x);
  if (size < 1e-4 || size >= 1e6)
    return tidy(
      x
        .toExponential(Math.max(0, digits - 1))
        .replace(/\.?0+e/, "e")
        .replace("e+", "e"),
    );
  return tidy(String(Number(x.toPrecision(digits))));
}

/** Two digits in at most about five characters, for the cells of a map: .079, 0.79, 5.0, 117, 4.8k. */
export function short(x: number): string {
  if (x >= 1000) return `${Number((x / 1000).toPrecision(2))}k`;
  if (x >= 100) return String(Math.round(x));
  if (x < 1e-4) return num(x, 2);
  return x.toPrecision(2).replace(/^0\.(?=0)/, ".");
}

/** A share in whole percent; what is small but not nought is not called nought. */
export function percent(x: number): string {
  if (x > 0 && x < 0.005) return "<1\u00a0%";
  if (x < 1 && x > 0.995) return ">99\u00a0%";
  return `${Math.round(100 * x)}\u00a0%`;
}

/** A share of a variance with two decimals, as papers print it: .48 */
export function share(x: number): string {
  return x.toFixed(2).replace(/^0\./, ".").replace(/^-0\./, `${MINUS}.`).replace(/^-/, MINUS);
}

/** A p-value: never '0'. */
export function pValue(p: number): string {
  if (p < 1e-4) return "< .0001";
  return p.toFixed(4).replace(/^0/, "");
}

/** "three times" in figures: 8.3 times. */
export function times(x: number): string {
  return `${num(x, 2)} times`;
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

export function mean(values: number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

/** The mean over seeds of a loss: geometric, because losses differ by factors. */
export function geometricMean(values: number[]): number {
  return Math.exp(mean(values.map(Math.log)));
}
