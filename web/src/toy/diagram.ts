// The set-up as a picture: two planes of inputs, Δz apart, drawn from in the ratio w, each with a spiral of right
// answers.
import { s } from "../kit/dom";
import { num } from "../kit/format";
import type { Run } from "./run";
import type { Selection } from "./selection";

type XY = [number, number];

const SKEW = 0.55;
const WIDTH = 150;
const DEPTH = 62;

/** A point of the unit square on a plane that is seen from the front and a little from above. */
function onPlane([x, y]: XY): XY {
  return [x * WIDTH + y * DEPTH * SKEW * 1.4, -y * DEPTH];
}

function points(list: XY[]): string {
  return list
    .map((p) =>
      onPlane(p)
        .map((v) => v.toFixed(1))
        .join(","),
    )
    .join(" ");
}

function plane(name: "source" | "target", dots: XY[], coveredTo: number): SVGGElement {
  const outline: XY[] = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ];
  const covered: XY[] = [
    [0, 0],
    [coveredTo, 0],
    [coveredTo, 1],
    [0, 1],
  ];
  const mark = (at: XY) => {
    const [x, y] = onPlane(at);
    return name === "target"
      ? s("rect", { x: x - 2.4, y: y - 2.4, width: 4.8, height: 4.8, class: "fill-target" })
      : s("circle", { cx: x, cy: y, r: 1.3, class: "fill-source" });
  };
  return s(
    "g",
    {},
    s("polygon", { points: points(outline), class: `plane ${name}` }),
    s("polygon", { points: points(covered), class: `plane-covered ${name}` }),
    dots.map(mark),
  );
}

/** A small spiral for the answers, turned by `degrees`. */
function spiral(name: "source" | "target", degrees: number): SVGPathElement {
  const steps = Array.from({ length: 40 }, (_, k) => {
    const angle = (3 * Math.PI * k) / 39;
    const radius = 5 + (23 * k) / 39;
    return `${(radius * Math.cos(angle)).toFixed(1)},${(-radius * Math.sin(angle)).toFixed(1)}`;
  });
  return s("path", { d: `M${steps.join("L")}`, class: `spiral ${name}`, transform: `rotate(${-degrees})` });
}

function spread(flat: number[], most: number): XY[] {
  const count = flat.length / 2;
  const step = Math.max(1, Math.floor(count / most));
  const kept: XY[] = [];
  for (let k = 0; k < count; k += step) kept.push([flat[2 * k]!, flat[2 * k + 1]!]);
  return kept;
}

function arrow(x1: number, y1: number, x2: number, y2: number): SVGGElement {
  const angle = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
  return s(
    "g",
    { class: "arrow" },
    s("line", { x1, y1, x2, y2 }),
    s("path", { d: "M-7,-4L0,0L-7,4", transform: `translate(${x2},${y2}) rotate(${angle})` }),
  );
}

export function diagram(run: Run, selection: Selection): SVGSVGElement {
  const { source, target, grid } = run.json.data;
  const below = 196;
  const targetGroup = s("g", { class: "moves" }, plane("target", spread(target.xy, 30), grid.covered_to));
  const label = (text: string, className: string) => s("text", { class: className }, text);
  const targetLabel = label("", "label-target");
  const sourceLabel = label("", "label-source");
  const gap = s("g", { class: "arrow" });
  const gapLabel = label("Δz", "gap");
  const svg = s(
    "svg",
    { viewBox: "0 0 424 226", class: "diagram", role: "img" },
    s(
      "g",
      { transform: `translate(24,${below})` },
      plane("source", spread(source.xy, 150), 0),
      targetGroup,
      gap,
      gapLabel,
    ),
    s("g", { transform: "translate(24,0)" }, sourceLabel, targetLabel),
    arrow(272, 112, 296, 112),
    s("rect", { x: 298, y: 97, width: 44, height: 30, rx: 6, class: "net" }),
    s("text", { x: 320, y: 116, class: "net-label" }, "net"),
    arrow(344, 104, 366, 76),
    arrow(344, 120, 366, 148),
    s("g", { transform: "translate(391,54)" }, spiral("target", 45)),
    s("g", { transform: "translate(391,172)" }, spiral("source", 0)),
  );
  const show = () => {
    const { i, j } = selection.place;
    const rise = 14 + (108 * i) / Math.max(1, run.deltaZ.length - 1);
    const w = run.w[j]!;
    targetGroup.setAttribute("transform", `translate(0,${-rise})`);
    const x = WIDTH + DEPTH * SKEW * 1.4 + 10;
    gap.replaceChildren(
      s("line", { x1: x, x2: x, y1: -DEPTH, y2: -DEPTH - rise }),
      s("path", { d: `M${x - 4},${-DEPTH}h8M${x - 4},${-DEPTH - rise}h8` }),
    );
    gapLabel.setAttribute("x", String(x + 5));
    gapLabel.setAttribute("y", String(-DEPTH - rise / 2 + 4));
    sourceLabel.setAttribute("y", String(below + 17));
    targetLabel.setAttribute("x", String(DEPTH * SKEW * 1.4));
    targetLabel.setAttribute("y", String(below - rise - DEPTH - 6));
    sourceLabel.textContent = `source: ${num(100 * (1 - w))} % of the draws`;
    targetLabel.textContent = `target: ${num(100 * w)} %`;
    svg.setAttribute(
      "aria-label",
      `Two planes of inputs, Δz = ${num(run.deltaZ[i]!)} apart: the target is drawn with probability ` +
        `${num(w)}, its samples cover a part of its plane; each has a spiral of right answers of its own.`,
    );
  };
  selection.onCell(show);
  show();
  return svg;
}
