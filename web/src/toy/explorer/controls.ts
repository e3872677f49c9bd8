// The two knobs, and three places worth going to with them.
import { h } from "../../kit/dom";
import { num } from "../../kit/format";
import { Slider } from "../../kit/slider";
import { example, REGIMES, REGIME_NAMES, type Run } from "../run";
import type { Selection } from "../selection";

function examples(run: Run, selection: Selection): HTMLElement {
  const buttons = REGIME_NAMES.map((name) => ({ name, cell: example(run, name) }))
    .filter(({ cell }) => cell !== undefined)
    .map(({ name, cell }) => {
      const button = h("button", { type: "button", class: `example regime-${name}`, "data-regime": name });
      button.append(h("strong", {}, REGIMES[name].short), h("span", {}, REGIMES[name].meaning));
      button.addEventListener("click", () => selection.choose(cell!));
      const mark = () => button.setAttribute("aria-current", String(run.cell(selection.place)?.regime.name === name));
      selection.onCell(mark);
      mark();
      return button;
    });
  return h(
    "div",
    {},
    h(
      "p",
      { class: "small quiet", id: "examples-hint" },
      "Three things can come of it. Lit is what the net of this cell does; press one to go to an example.",
    ),
    h("div", { class: "examples", role: "group", "aria-labelledby": "examples-hint" }, buttons),
  );
}

const MOST_MARKS = 11;

/** Short marks under a slider; of a long row only every so many. */
function marksOf(values: number[]): string[] {
  const every = Math.ceil(values.length / MOST_MARKS);
  return values.map((x, k) => (k % every === 0 ? num(x).replace(/^0\./, ".") : ""));
}

export function controls(run: Run, selection: Selection): HTMLElement {
  const dz = new Slider({
    id: "slider-dz",
    label: [h("b", {}, "Δz"), " how far apart the two look"],
    stops: run.deltaZ.map((x) => `Δz = ${num(x)}`),
    marks: marksOf(run.deltaZ),
    changed: (i) => selection.choose({ i, j: selection.place.j }),
  });
  const w = new Slider({
    id: "slider-w",
    label: [h("b", {}, "w"), " how often the target is drawn"],
    stops: run.w.map((x) => `w = ${num(x)}`),
    marks: marksOf(run.w),
    changed: (j) => selection.choose({ i: selection.place.i, j }),
  });
  const show = () => {
    dz.show(selection.place.i);
    w.show(selection.place.j);
  };
  selection.onCell(show);
  show();
  return h(
    "div",
    { class: "controls card" },
    examples(run, selection),
    h("div", { class: "sliders" }, dz.element, w.element),
  );
}
