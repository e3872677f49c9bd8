// The input plane: where the target has samples and where it has none, and the one input that is followed.
import * as Plot from "@observablehq/plot";
import { h } from "../../kit/dom";
import { Chart } from "../../kit/chart";
import { mean, num } from "../../kit/format";
import { Slider } from "../../kit/slider";
import { distance, nearestIndex, pairs, type XY } from "../geometry";
import type { Run } from "../run";
import type { Selection } from "../selection";

function unique(values: number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

export class InputsChart {
  readonly element: HTMLElement;
  private readonly inputs: XY[];
  private readonly xs: number[];
  private readonly ys: number[];
  private readonly x: Slider;
  private readonly y: Slider;
  private readonly words = h("p", { class: "small", id: "follow-words", "aria-live": "polite" });
  private readonly chart: Chart;

  constructor(
    private readonly run: Run,
    private readonly selection: Selection,
  ) {
    this.inputs = pairs(run.json.data.grid.xy);
    this.xs = unique(this.inputs.map(([x]) => x));
    this.ys = unique(this.inputs.map(([, y]) => y));
    this.x = this.slider("slider-x", "x", this.xs, (x) => [x, this.at[1]]);
    this.y = this.slider("slider-y", "y", this.ys, (y) => [this.at[0], y]);
    this.chart = new Chart(
      (width) => this.draw(Math.min(width, 240)),
      () => "The input plane: the target's samples lie in its covered part only.",
    );
    this.element = h(
      "div",
      { class: "inputs" },
      this.chart.element,
      h("div", {}, this.x.element, this.y.element, this.words),
    );
    selection.onCell(() => this.say());
    selection.onInput(() => {
      this.show();
      this.chart.refresh();
    });
    this.show();
  }

  private get at(): XY {
    return this.inputs[this.selection.input]!;
  }

  private slider(id: string, label: string, values: number[], move: (value: number) => XY): Slider {
    return new Slider({
      id,
      label: `input ${label}`,
      stops: values.map((value) => num(value, 2)),
      changed: (index) => this.selection.follow(nearestIndex(this.inputs, move(values[index]!))),
    });
  }

  private show(): void {
    this.x.show(this.xs.indexOf(this.at[0]));
    this.y.show(this.ys.indexOf(this.at[1]));
    this.say();
  }

  private say(): void {
    const { grid } = this.run.json.data;
    const index = this.selection.input;
    const samples = this.run.samples(this.selection.place)?.of(index);
    const where = this.at[0] <= grid.covered_to ? "among the target's samples" : "where the target has none";
    if (!samples) {
      this.words.textContent = `This input lies ${where}. There are no samples of this cell.`;
      return;
    }
    const right = pairs(grid.truth)[index]!;
    const wrong = pairs(grid.source_truth)[index]!;
    const away = samples.map((at) => distance(at, right));
    const nearer = samples.filter((at) => distance(at, wrong) < distance(at, right)).length;
    this.words.textContent =
      `This input lies ${where}. Its ${samples.length} samples are ${num(mean(away), 2)} from the ` +
      "right answer on average; " +
      `${nearer === 0 ? "none lies" : nearer === 1 ? "1 lies" : `${nearer} lie`} nearer to the source's answer.`;
  }

  private draw(size: number): Element {
    const { grid, target } = this.run.json.data;
    const plot = Plot.plot({
      width: size,
      height: size,
      margin: 8,
      marginLeft: 42,
      marginBottom: 34,
      x: { domain: [0, 1], ticks: [0, 0.5, 1], label: "input x", labelAnchor: "center", labelArrow: "none" },
      y: { domain: [0, 1], ticks: [0, 0.5, 1], label: "input y", labelAnchor: "center", labelArrow: "none" },
      marks: [
        Plot.rect([0], { x1: 0, x2: grid.covered_to, y1: 0, y2: 1, fill: "var(--target)", fillOpacity: 0.13 }),
        Plot.ruleX([grid.covered_to], { stroke: "var(--target)", strokeDasharray: "4 3" }),
        Plot.dot(this.inputs, { r: 0.9, fill: "var(--muted)" }),
        Plot.dot(pairs(target.xy), { symbol: "square", r: 3.2, fill: "var(--target)", stroke: "var(--surface)" }),
        Plot.text(["covered", "no samples"], {
          x: [grid.covered_to / 2, (1 + grid.covered_to) / 2],
          y: 1,
          dy: 10,
          fill: "var(--ink)",
          stroke: "var(--surface)",
          fontSize: 11,
        }),
        Plot.dot([this.at], { r: 6.5, stroke: "var(--ink)", strokeWidth: 2 }),
        Plot.frame(),
      ],
    });
    const x = plot.scale("x")!;
    const y = plot.scale("y")!;
    plot.classList.add("clickable");
    plot.addEventListener("click", (event: Event) => {
      if (!(event instanceof MouseEvent)) return;
      const box = plot.getBoundingClientRect();
      const at: XY = [x.invert!(event.clientX - box.left) as number, y.invert!(event.clientY - box.top) as number];
      this.selection.follow(nearestIndex(this.inputs, at));
    });
    return plot;
  }
}
