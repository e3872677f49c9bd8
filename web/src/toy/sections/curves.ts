// A few curves over the signal level, each with its own dashes and its name at its end, so that colour is never needed
// alone.
import * as Plot from "@observablehq/plot";
import { num } from "../../kit/format";

export interface Curve {
  name: string;
  colour: string;
  dash?: string;
  values: number[];
  low?: number[];
  high?: number[];
}

interface Row {
  curve: Curve;
  signal: number;
  value: number;
  low?: number;
  high?: number;
}

export interface CurvesOptions {
  signal: number[];
  curves: Curve[];
  y: Plot.ScaleOptions;
  width: number;
  height: number;
  marks?: Plot.Markish[];
  /** Room for the names at the right end; 0 leaves them out (the key has them). */
  labels: number;
}

function rowsOf({ signal, curves }: CurvesOptions): Row[] {
  return curves.flatMap((curve) =>
    signal.map((x, k) => ({
      curve,
      signal: x,
      value: curve.values[k]!,
      ...(curve.low && curve.high ? { low: curve.low[k]!, high: curve.high[k]! } : {}),
    })),
  );
}

/** The ends of the curves in order of height, moved apart so that no two names stand on each other. */
function ends(options: CurvesOptions, rows: Row[]): Row[] {
  const last = options.signal.at(-1);
  return rows.filter(({ signal }) => signal === last);
}

export function drawCurves(options: CurvesOptions): SVGSVGElement | HTMLElement {
  const { width, height, y, marks = [], labels } = options;
  const rows = rowsOf(options);
  const banded = rows.filter(({ low }) => low !== undefined);
  const stroke = ({ curve }: Row) => curve.colour;
  const z = ({ curve }: Row) => curve.name;
  return Plot.plot({
    width,
    height,
    marginLeft: 46,
    marginRight: labels || 14,
    marginBottom: 38,
    x: {
      domain: [0, 1],
      label: "signal level ᾱ (0 noise, 1 answer) →",
      ticks: width < 420 ? 3 : 6,
      tickFormat: (x: number) => num(x),
    },
    y,
    marks: [
      ...marks,
      Plot.areaY(banded, { x: "signal", y1: "low", y2: "high", z, fill: stroke, fillOpacity: 0.16 }),
      ...options.curves.map((curve) =>
        Plot.line(
          rows.filter((row) => row.curve === curve),
          {
            x: "signal",
            y: "value",
            stroke: curve.colour,
            strokeWidth: 2.2,
            strokeDasharray: curve.dash ?? "none",
            className: "curve",
          },
        ),
      ),
      labels
        ? Plot.text(ends(options, rows), {
            x: "signal",
            y: "value",
            text: z,
            textAnchor: "start",
            dx: 8,
            fill: "var(--ink)",
          })
        : null,
    ],
  });
}
