// How much the noised answers of two examples overlap: while they do, the net cannot know which of them it is on the
// way to.
import { Chart } from "../../kit/chart";
import { figure } from "../../kit/figure";
import { num } from "../../kit/format";
import { keyOf } from "../../kit/key";
import { NumbersTable } from "../../kit/table";
import type { ToyRun } from "../data";
import { drawCurves, type Curve } from "./curves";

type Overlap = NonNullable<ToyRun["overlap"]>;

const LOOK: Record<string, { label: string; colour: string; dash?: string }> = {
  "source-target": { label: "source and target", colour: "var(--net)" },
  "target-target": { label: "target and target", colour: "var(--target)", dash: "7 4" },
  "source-source": { label: "source and source", colour: "var(--source)", dash: "2 4" },
};

function curvesOf(overlap: Overlap): Curve[] {
  return overlap.curves.map(({ name, values }) => {
    const look = LOOK[name] ?? { label: name, colour: "var(--ink)" };
    return { name: look.label, colour: look.colour, values, ...(look.dash ? { dash: look.dash } : {}) };
  });
}

/** Where a falling curve crosses one half, by straight lines between its points. */
export function halfway(signal: number[], values: number[]): number | undefined {
  for (let k = 1; k < values.length; ++k) {
    const [a, b] = [values[k - 1]!, values[k]!];
    if (a >= 0.5 && b < 0.5) return signal[k - 1]! + ((a - 0.5) / (a - b)) * (signal[k]! - signal[k - 1]!);
  }
  return undefined;
}

function words(overlap: Overlap): string {
  const between = overlap.curves.find(({ name }) => name === "source-target");
  const at = between && halfway(overlap.signal, between.values);
  const told = at === undefined ? "" : `Source and target overlap by half at a signal level of ${num(at, 2)}: `;
  return (
    `${told}${told ? "before" : "Before"} the curves fall, an answer on its way could still become ` +
    "either; after that, the tasks are apart."
  );
}

export function overlapFigure(overlap: Overlap): HTMLElement {
  const curves = curvesOf(overlap);
  const chart = new Chart(
    (width) =>
      drawCurves({
        signal: overlap.signal,
        curves,
        width,
        height: 280,
        labels: 0,
        y: { domain: [0, 1], label: "↑ overlap (Bhattacharyya)", grid: true },
      }),
    () => words(overlap),
  );
  return figure({
    title: "How long the two tasks can be mixed up",
    id: "overlap",
    key: keyOf(
      curves.map(({ name, colour, dash }) => ({ label: name, colour, line: true, ...(dash ? { dash } : {}) })),
    ),
    body: chart.element,
    caption: words(overlap),
    numbers: new NumbersTable(() => ({
      caption: "Bhattacharyya overlap of the noised answers by signal level",
      head: ["signal level", ...curves.map(({ name }) => name)],
      rows: overlap.signal.map((x, k) => [num(x, 2), ...curves.map(({ values }) => num(values[k]!))]),
    })),
  });
}
