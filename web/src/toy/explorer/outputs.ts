// The output plane: the two spirals that are right for target and source, and where the cell's net puts its samples.
import * as Plot from "@observablehq/plot";
import { curveCatmullRom, line, symbol, symbolCircle, symbolTriangle } from "d3-shape";
import { s } from "../../kit/dom";
import { Chart } from "../../kit/chart";
import { count } from "../../kit/format";
import { bandOf, clampTo, frameOf, inside, pairs, type Frame, type XY } from "../geometry";
import type { Run } from "../run";
import type { Selection } from "../selection";

type Project = (point: XY) => XY;

const CIRCLE = symbol(symbolCircle, 22)()!;
const TRIANGLE = symbol(symbolTriangle, 26)()!;

function bandMark([low, high]: [XY[], XY[]], className: string): Plot.RenderFunction {
  return (_index, { x, y }) => {
    const draw = line<XY>(
      (p) => x!(p[0]) as number,
      (p) => y!(p[1]) as number,
    ).curve(curveCatmullRom.alpha(0.5));
    const forth = draw(low) ?? "";
    const back = (draw([...high].reverse()) ?? "").replace(/^M/, "L");
    return s("path", { d: `${forth}${back}Z`, class: `band ${className}` });
  };
}

export class OutputsChart {
  readonly chart: Chart;
  private readonly frame: Frame;
  private readonly inputs: XY[];
  private readonly truth: XY[];
  private readonly sourceTruth: XY[];
  private project: Project = (point) => point;
  /** Symbols shrink with the chart, so that a phone does not show one blot. */
  private size = 1;
  private predictions = s("g", { class: "predictions" });
  private followed = s("g", { class: "followed" });

  constructor(
    private readonly run: Run,
    private readonly selection: Selection,
  ) {
    const { grid, target } = run.json.data;
    this.inputs = pairs(grid.xy);
    this.truth = pairs(grid.truth);
    this.sourceTruth = pairs(grid.source_truth);
    this.frame = frameOf([...this.truth, ...this.sourceTruth, ...pairs(target.out)]);
    this.chart = new Chart(
      (width) => this.draw(width),
      () => this.describe(),
    );
    this.chart.element.id = "outputs-chart";
    selection.onCell(() => this.update());
    selection.onInput(() => this.drawFollowed());
  }

  describe(): string {
    const { place } = this.selection;
    const samples = this.run.samples(place);
    if (!this.run.cell(place)) return "This cell was not trained: only the two spirals are shown.";
    if (!samples) return "The first seed of this cell was not trained, and samples are kept of the first only.";
    const outside = samples.all.filter((at) => !inside(at, this.frame)).length;
    const gone =
      outside === 0
        ? ""
        : ` ${count(outside, "sample")} ${outside === 1 ? "lies" : "lie"} outside the frame: hollow, at its edge.`;
    return (
      `${count(samples.all.length, "sample")}: ${samples.perInput} for each of ${this.inputs.length} ` +
      `inputs.${gone}`
    );
  }

  private covered(index: number): boolean {
    return this.inputs[index]![0] <= this.run.json.data.grid.covered_to;
  }

  private draw(width: number): Element {
    const { grid, source, target } = this.run.json.data;
    const plot = Plot.plot({
      width,
      height:
        Math.round((width - 44) * ((this.frame.v[1] - this.frame.v[0]) / (this.frame.u[1] - this.frame.u[0]))) + 50,
      margin: 14,
      marginLeft: 30,
      marginBottom: 36,
      x: { domain: this.frame.u, label: "output u →" },
      y: { domain: this.frame.v, label: "↑ output v" },
      marks: [
        Plot.frame({ className: "frame" }),
        bandMark(bandOf(grid, grid.source_truth), "source"),
        bandMark(bandOf(grid, grid.truth), "target"),
        Plot.dot(pairs(source.out), { r: 1.1, fill: "var(--source)", className: "source-samples" }),
        () => this.predictions,
        Plot.dot(pairs(target.out), {
          symbol: "square",
          r: 3.6,
          fill: "var(--target)",
          stroke: "var(--surface)",
          className: "target-samples",
        }),
        () => this.followed,
      ],
    });
    const x = plot.scale("x")!;
    const y = plot.scale("y")!;
    this.size = width < 420 ? 0.7 : 1;
    this.project = ([u, v]) => [x.apply(u) as number, y.apply(v) as number];
    this.drawPredictions();
    this.drawFollowed();
    return plot;
  }

  private update(): void {
    this.drawPredictions();
    this.drawFollowed();
    this.chart.element.firstElementChild?.setAttribute("aria-label", this.describe());
  }

  /** One mark a sample, kept from cell to cell: moving them is what makes the sliders quick. */
  private prediction(index: number, perInput: number): SVGPathElement {
    const existing = this.predictions.children[index];
    if (existing instanceof SVGPathElement) return existing;
    const covered = this.covered(Math.floor(index / perInput));
    const mark = s("path", { d: covered ? CIRCLE : TRIANGLE, class: covered ? "covered" : "ood" });
    this.predictions.append(mark);
    return mark;
  }

  private drawPredictions(): void {
    const samples = this.run.samples(this.selection.place);
    if (!samples) {
      this.predictions.replaceChildren();
      return;
    }
    samples.all.forEach((at, index) => {
      const mark = this.prediction(index, samples.perInput);
      mark.classList.toggle("outside", !inside(at, this.frame));
      const [x, y] = this.project(clampTo(at, this.frame));
      mark.setAttribute("transform", `translate(${x.toFixed(1)},${y.toFixed(1)}) scale(${this.size})`);
    });
  }

  private drawFollowed(): void {
    const index = this.selection.input;
    const [tx, ty] = this.project(this.truth[index]!);
    const [sx, sy] = this.project(this.sourceTruth[index]!);
    const lines = (this.run.samples(this.selection.place)?.of(index) ?? []).flatMap((at) => {
      const [x, y] = this.project(clampTo(at, this.frame));
      return [s("line", { x1: tx, y1: ty, x2: x, y2: y }), s("circle", { cx: x, cy: y, r: 5.5, class: "sample" })];
    });
    this.followed.replaceChildren(
      ...lines,
      s("path", { d: "M-6,-6L6,6M-6,6L6,-6", class: "wrong", transform: `translate(${sx},${sy})` }),
      s("circle", { cx: tx, cy: ty, r: 7, class: "right" }),
      s("circle", { cx: tx, cy: ty, r: 2, class: "right-dot" }),
    );
  }
}
