// The numbers behind a figure, as a table that is built when somebody opens it.
import { h } from "./dom";

export interface Table {
  caption: string;
  head: string[];
  /** The first column names the row. */
  rows: (string | number)[][];
}

export function tableOf({ caption, head, rows }: Table): HTMLTableElement {
  const cell = (text: string | number, column: number) =>
    column === 0 ? h("th", { scope: "row" }, String(text)) : h("td", {}, String(text));
  return h(
    "table",
    {},
    h("caption", {}, caption),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        head.map((text) => h("th", { scope: "col" }, text)),
      ),
    ),
    h(
      "tbody",
      {},
      rows.map((row) => h("tr", {}, row.map(cell))),
    ),
  );
}

/** A details element with the table inside; `refresh` rebuilds it while it stands open. */
export class NumbersTable {
  readonly element: HTMLDetailsElement;
  private readonly scroller = h("div", {
    class: "scroll",
    tabindex: 0,
    role: "region",
    "aria-label": "Table, scrolls",
  });

  constructor(
    private readonly make: () => Table | Table[],
    title = "The numbers of this figure",
  ) {
    this.element = h("details", { class: "numbers" }, h("summary", {}, title), this.scroller);
    this.element.addEventListener("toggle", () => this.refresh());
  }

  refresh(): void {
    if (!this.element.open) return;
    const made = this.make();
    const tables = Array.isArray(made) ? made : [made];
    this.scroller.setAttribute("aria-label", tables[0]?.caption ?? "");
    this.scroller.replaceChildren(...tables.map(tableOf));
  }
}
