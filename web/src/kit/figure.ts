// What stands around every chart: a heading that says what is to be seen, the chart, its key, words on how to read it,
// and
// the numbers behind it.
import { h } from "./dom";
import type { NumbersTable } from "./table";

export interface FigureParts {
  title: string;
  /** An id of the page, for links and tests. */
  id: string;
  controls?: Node | Node[];
  body: Node | Node[];
  key?: Node;
  /** How to read the chart; changes with it when it is a live element. */
  caption: string | Node | (string | Node)[];
  numbers?: NumbersTable;
  level?: "h2" | "h3";
}

export function figure({ title, id, controls, body, key, caption, numbers, level = "h3" }: FigureParts): HTMLElement {
  const heading = h(level, { id: `${id}-title` }, title);
  return h(
    "figure",
    { id, "aria-labelledby": `${id}-title` },
    heading,
    controls,
    key,
    body,
    h("figcaption", {}, caption),
    numbers?.element,
  );
}
