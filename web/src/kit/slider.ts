// A slider over a list of values: labelled, its value written out, arrow keys step from value to value.
import { h } from "./dom";

export interface SliderOptions {
  id: string;
  label: string | Node | (string | Node)[];
  /** What a screen reader and the read-out say for each stop. */
  stops: string[];
  /** Short marks under the track; none if there are too many stops to mark. */
  marks?: string[];
  hint?: string;
  changed: (index: number) => void;
}

export class Slider {
  readonly element: HTMLElement;
  private readonly input: HTMLInputElement;
  private readonly output: HTMLOutputElement;

  constructor(private readonly options: SliderOptions) {
    const { id, label, stops, marks, hint, changed } = options;
    this.input = h("input", { type: "range", id, min: 0, max: stops.length - 1, step: 1, value: 0 });
    this.output = h("output", { for: id });
    this.input.addEventListener("input", () => {
      this.show(this.input.valueAsNumber);
      changed(this.input.valueAsNumber);
    });
    this.element = h(
      "div",
      { class: "slider" },
      h("div", { class: "slider-head" }, h("label", { for: id }, label), this.output),
      this.input,
      marks &&
        h(
          "div",
          { class: "marks", "aria-hidden": "true" },
          marks.map((mark) => h("span", {}, mark)),
        ),
      hint && h("p", { class: "quiet small" }, hint),
    );
    this.show(0);
  }

  /** Moves the slider without calling `changed`. */
  show(index: number): void {
    this.input.value = String(index);
    const text = this.options.stops[index] ?? "";
    this.output.textContent = text;
    this.input.setAttribute("aria-valuetext", text);
  }
}
