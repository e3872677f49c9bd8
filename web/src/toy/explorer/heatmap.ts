// The map of all cells: click one or walk with the arrow keys, and the sliders follow.
import { h } from "../../kit/dom";
import { figure } from "../../kit/figure";
import { num, percent, short } from "../../kit/format";
import { select } from "../../kit/select";
import { NumbersTable, type Table } from "../../kit/table";
import type { Cell, Measure } from "../data";
import { MEASURES, netLoss, optimumLoss, REGIMES, type Place, type Run } from "../run";
import type { Selection } from "../selection";
import { mapKey, mapWords, rampColour, type Shown } from "./map_key";

const STEP: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

function luminance(colour: string): number {
  const [r, g, b] = (colour.match(/[\da-f]{2}/gi) ?? []).map((part) => {
    const c = parseInt(part, 16) / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

export class HeatMap {
  readonly element: HTMLElement;
  private shown: Shown = "net";
  private measure: Measure = "ood";
  private readonly buttons: HTMLElement[][] = [];
  private readonly grid: HTMLElement;
  private readonly legend = h("div", { class: "legend" });
  private readonly words = h("p", { class: "small", id: "map-words" });
  private readonly numbers = new NumbersTable(() => this.table());

  constructor(
    private readonly run: Run,
    private readonly selection: Selection,
  ) {
    this.grid = this.makeGrid();
    this.element = this.makeFigure();
    selection.onCell(() => this.mark());
    this.paint();
  }

  private makeFigure(): HTMLElement {
    const whats: { value: Shown; label: string }[] = [
      { value: "net", label: "trained net" },
      ...(this.run.json.cells.some((cell) => cell.optimum)
        ? [{ value: "optimum" as const, label: "analytic optimum" }]
        : []),
      { value: "regime", label: "regime" },
    ];
    const measure = select("Loss", "map-measure", MEASURES, (value) => {
      this.measure = value;
      this.paint();
    });
    const controls = h(
      "div",
      { class: "choices" },
      select("Show", "map-shown", whats, (value) => {
        this.shown = value;
        measure.querySelector("select")!.disabled = value === "regime";
        this.paint();
      }),
      measure,
    );
    return figure({
      title: "All cells at a glance",
      id: "map",
      controls,
      body: [h("div", { class: "map-scroll" }, this.grid), this.legend],
      caption: [this.words],
      numbers: this.numbers,
    });
  }

  private makeGrid(): HTMLElement {
    const { deltaZ, w } = this.run;
    const head = h(
      "div",
      { role: "row" },
      h("span", { role: "columnheader", class: "corner" }, "Δz \\ w"),
      w.map((x) => h("span", { role: "columnheader" }, num(x))),
    );
    const rows = deltaZ.map((dz, i) => {
      this.buttons.push(w.map((_, j) => this.makeCell({ i, j })));
      return h("div", { role: "row" }, h("span", { role: "rowheader" }, num(dz)), this.buttons[i]);
    });
    const grid = h(
      "div",
      {
        role: "grid",
        class: "map",
        "aria-label": "Loss by Δz (rows) and w (columns); arrow keys move",
        style: `--columns: ${w.length}`,
      },
      head,
      rows,
    );
    grid.addEventListener("keydown", (event) => this.walk(event));
    return grid;
  }

  private makeCell(place: Place): HTMLElement {
    const button = h("span", { role: "gridcell", "data-i": place.i, "data-j": place.j });
    button.addEventListener("click", () => {
      this.selection.choose(place);
      button.focus({ preventScroll: true });
    });
    return button;
  }

  private walk(event: KeyboardEvent): void {
    const { i, j } = this.selection.place;
    const step = STEP[event.key];
    const row = Math.max(0, Math.min(this.run.deltaZ.length - 1, i + (step?.[0] ?? 0)));
    let column = Math.max(0, Math.min(this.run.w.length - 1, j + (step?.[1] ?? 0)));
    if (event.key === "Home") column = 0;
    else if (event.key === "End") column = this.run.w.length - 1;
    else if (!step) return;
    event.preventDefault();
    this.selection.choose({ i: row, j: column });
    this.buttons[row]![column]!.focus();
  }

  private value(cell: Cell): number | undefined {
    return this.shown === "optimum" ? optimumLoss(cell, this.measure) : netLoss(cell, this.measure);
  }

  private paint(): void {
    const losses = this.run.json.cells
      .map((cell) => this.value(cell))
      .filter((x): x is number => x !== undefined && x > 0);
    const low = Math.log(losses.reduce((a, b) => Math.min(a, b), Infinity));
    const high = Math.log(losses.reduce((a, b) => Math.max(a, b), 0));
    const colour = (loss: number) => rampColour(high > low ? (high - Math.log(loss)) / (high - low) : 0.5);
    this.buttons.forEach((row, i) =>
      row.forEach((button, j) => this.paintCell(button, this.run.cell({ i, j }), colour)),
    );
    this.mark();
    this.explain(Math.exp(low), Math.exp(high));
    this.numbers.refresh();
  }

  private paintCell(button: HTMLElement, cell: Cell | undefined, colour: (loss: number) => string): void {
    button.className = "cell";
    button.style.background = "";
    button.style.color = "";
    if (!cell) {
      button.classList.add("absent");
      button.textContent = "–";
      button.setAttribute("aria-label", "– not trained");
      return;
    }
    const where = `Δz ${num(cell.delta_z)}, w ${num(cell.w)}`;
    const name = REGIMES[cell.regime.name];
    if (this.shown === "regime") {
      button.classList.add(`regime-${cell.regime.name}`);
      button.textContent = name?.letter ?? "?";
      button.setAttribute(
        "aria-label",
        `${button.textContent}, ${name?.short ?? cell.regime.name}: ${where}, ` +
          `${percent(cell.regime.sure)} of the seeds`,
      );
      return;
    }
    const loss = this.value(cell)!;
    const background = colour(loss);
    button.style.background = background;
    button.style.color = luminance(background) > 0.179 ? "#000" : "#fff";
    button.textContent = short(loss);
    button.setAttribute("aria-label", `${short(loss)} at ${where}, ${name?.short ?? cell.regime.name}`);
  }

  private mark(): void {
    const best = this.run.best((cell) => this.value(cell));
    const paper = this.run.json.paper?.best_cells ?? [];
    const { i: atI, j: atJ } = this.selection.place;
    this.buttons.forEach((row, i) =>
      row.forEach((button, j) => {
        const selected = i === atI && j === atJ;
        button.setAttribute("aria-selected", String(selected));
        button.tabIndex = selected ? 0 : -1;
        button.classList.toggle("best", this.shown !== "regime" && best?.i === i && best.j === j);
        button.classList.toggle(
          "paper-best",
          paper.some(([dz, w]) => dz === this.run.deltaZ[i] && w === this.run.w[j]),
        );
      }),
    );
  }

  private table(): Table {
    const { deltaZ, w } = this.run;
    const text = (cell: Cell | undefined) => {
      if (!cell) return "–";
      return this.shown === "regime" ? `${cell.regime.name} ${percent(cell.regime.sure)}` : num(this.value(cell)!);
    };
    const { label } = MEASURES.find(({ value }) => value === this.measure)!;
    const what = {
      net: `Loss of the trained net, ${label}`,
      optimum: `Loss of the analytic optimum, ${label}`,
      regime: "Regime, and the share of the seeds that agree on it",
    };
    return {
      caption: what[this.shown],
      head: ["Δz \\ w", ...w.map((x) => num(x))],
      rows: deltaZ.map((dz, i) => [num(dz), ...w.map((_, j) => text(this.run.cell({ i, j })))]),
    };
  }

  private explain(low: number, high: number): void {
    this.legend.replaceChildren(...mapKey(this.run, this.shown, low, high));
    this.words.textContent = mapWords(this.shown, this.measure);
  }
}
