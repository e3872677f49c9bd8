// The field of the score over the output plane at one input and one signal level: what the net learned, beside the
// optimum.
import * as Plot from "@observablehq/plot";
import { Chart } from "../../kit/chart";
import { h } from "../../kit/dom";
import { figure } from "../../kit/figure";
import { num } from "../../kit/format";
import { keyOf } from "../../kit/key";
import { select } from "../../kit/select";
import { Slider } from "../../kit/slider";
import { NumbersTable, type Table } from "../../kit/table";
import type { Cell, FieldLevel, FieldPoint } from "../data";
import { nearestIndex, pairs, type XY } from "../geometry";
import type { Run } from "../run";
import type { Selection } from "../selection";

interface Arrow {
  at: XY;
  by: XY;
}

/** Cosine between two fields, weighted by length: 1 where both pull the same way everywhere. */
export function agreement(a: number[], b: number[]): number {
  const dot = (p: number[], q: number[]) => p.reduce((sum, x, i) => sum + x * q[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

export class ScoreField {
  readonly element: HTMLElement;
  private point = 0;
  private level = 0;
  private readonly charts: Chart[];
  private readonly slider: Slider;
  private readonly words = h("p", { id: "field-words" });
  private readonly numbers = new NumbersTable(() => this.table());

  constructor(
    private readonly run: Run,
    private readonly selection: Selection,
  ) {
    this.charts = [this.chart("net", "what the net learned"), this.chart("optimum", "the analytic optimum")];
    const first = run.json.cells.find((cell) => cell.field)!.field!.points;
    this.slider = this.levels(first[0]!);
    this.element = this.makeFigure(first);
    selection.onCell(() => this.refresh());
    this.say();
  }

  private get cell(): Cell | undefined {
    return this.run.cell(this.selection.place);
  }

  private get here(): { point: FieldPoint; level: FieldLevel } | undefined {
    const point = this.cell?.field?.points[this.point];
    const level = point?.levels[this.level];
    return point && level ? { point, level } : undefined;
  }

  private levels(point: FieldPoint): Slider {
    const signals = point.levels.map(({ signal }) => signal);
    this.level = nearestIndex(
      signals.map((x): XY => [x, 0]),
      [0.5, 0],
    );
    const slider = new Slider({
      id: "slider-signal",
      label: [h("b", {}, "signal level"), " from noise to answer"],
      stops: signals.map((x) => num(x, 2)),
      changed: (index) => {
        this.level = index;
        this.refresh();
      },
    });
    slider.show(this.level);
    return slider;
  }

  private makeFigure(points: FieldPoint[]): HTMLElement {
    const choices = points.map(({ xy, covered }, index) => ({
      value: String(index),
      label: `${covered ? "covered" : "without samples"}: x = ${num(xy[0], 2)}, y = ${num(xy[1], 2)}`,
    }));
    const point = select("Input", "field-point", choices, (value) => {
      this.point = Number(value);
      this.refresh();
    });
    const panel = (title: string, chart: Chart) => h("div", {}, h("h4", {}, title), chart.element);
    return figure({
      title: "Where the net pulls",
      id: "field",
      controls: h("div", { class: "sliders" }, this.slider.element, h("div", { class: "choices" }, point)),
      key: keyOf([
        { label: "right for the target", colour: "var(--target)", symbol: "circle", hollow: true },
        { label: "right for the source", colour: "var(--source)", symbol: "times" },
      ]),
      body: h(
        "div",
        { class: "columns even" },
        panel("What the net learned", this.charts[0]!),
        panel("The analytic optimum", this.charts[1]!),
      ),
      caption: [
        this.words,
        "The arrows are of the cell under the sliders. Each field is scaled to its own longest arrow; " +
          "lengths are drawn by their square root. Both answers are drawn where they stand at this signal " +
          "level.",
      ],
      numbers: this.numbers,
    });
  }

  private chart(key: "net" | "optimum", name: string): Chart {
    const chart = new Chart(
      (width) => this.draw(key, Math.min(width, 460)),
      () => `Score field: ${name}. ${this.words.textContent}`,
    );
    chart.element.id = `field-${key}`;
    return chart;
  }

  private refresh(): void {
    this.say();
    for (const chart of this.charts) chart.refresh();
    this.numbers.refresh();
  }

  private say(): void {
    const { here } = this;
    if (!here) {
      this.words.textContent = "There is no score field for this cell and signal level.";
      return;
    }
    this.words.textContent =
      `At Δz = ${num(this.cell!.delta_z)}, w = ${num(this.cell!.w)} and signal level ` +
      `${num(here.level.signal, 2)} the net’s field agrees with the optimum’s to a cosine of ` +
      `${agreement(here.level.net, here.level.optimum).toFixed(2)} (1 is the same direction ` +
      "everywhere).";
  }

  private arrows(key: "net" | "optimum"): Arrow[] {
    const { u, v } = this.run.json.field_axes!;
    const vectors = this.here ? pairs(this.here.level[key]) : [];
    return vectors.map((by, index) => ({ at: [u[index % u.length]!, v[Math.floor(index / u.length)]!], by }));
  }

  private answers(): { right: XY; wrong: XY } | undefined {
    const point = this.cell?.field?.points[this.point];
    if (!point) return undefined;
    const { grid } = this.run.json.data;
    const index = nearestIndex(pairs(grid.xy), point.xy);
    return { right: pairs(grid.truth)[index]!, wrong: pairs(grid.source_truth)[index]! };
  }

  private draw(key: "net" | "optimum", width: number): Element {
    const { u, v } = this.run.json.field_axes!;
    const step = (u[1]! - u[0]!) * 0.9;
    const scale = Math.sqrt(this.here?.level.signal ?? 1);
    const answers = this.answers();
    const tip = ({ at, by }: Arrow): XY => {
      const length = Math.hypot(...by) / 100;
      const grow = length === 0 ? 0 : (step * Math.sqrt(length)) / length / 100;
      return [at[0] + by[0] * grow, at[1] + by[1] * grow];
    };
    const at = (a: XY): XY => [a[0] * scale, a[1] * scale];
    return Plot.plot({
      width,
      height: width + 6,
      margin: 12,
      marginLeft: 30,
      marginBottom: 36,
      x: { domain: [u[0]! - step, u.at(-1)! + step], ticks: 6, label: "noised output u →" },
      y: { domain: [v[0]! - step, v.at(-1)! + step], ticks: 6, label: "↑ v" },
      marks: [
        Plot.frame({ className: "frame" }),
        Plot.arrow(this.arrows(key), {
          x1: (a: Arrow) => a.at[0],
          y1: (a: Arrow) => a.at[1],
          x2: (a: Arrow) => tip(a)[0],
          y2: (a: Arrow) => tip(a)[1],
          stroke: key === "net" ? "var(--net)" : "var(--optimum)",
          strokeWidth: 1.4,
          headLength: 6,
          className: "arrows",
        }),
        answers
          ? Plot.dot([at(answers.wrong)], { symbol: "times", r: 8, stroke: "var(--source)", strokeWidth: 3 })
          : null,
        answers ? Plot.dot([at(answers.right)], { r: 8, stroke: "var(--target)", strokeWidth: 3 }) : null,
      ],
    });
  }

  private table(): Table {
    const { here } = this;
    const net = this.arrows("net");
    const optimum = this.arrows("optimum");
    const arrow = ([u, v]: XY) => `${num(u / 100, 2)}, ${num(v / 100, 2)}`;
    return {
      caption: here
        ? `The two fields at signal level ${num(here.level.signal, 2)}, each in units of its longest arrow`
        : "No field here",
      head: ["at u, v", "net", "optimum"],
      rows: net.map(({ at, by }, index) => [`${num(at[0])}, ${num(at[1])}`, arrow(by), arrow(optimum[index]!.by)]),
    };
  }
}
