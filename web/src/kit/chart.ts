// A chart that fills its place: drawn again when the place gets another width, described in words for those who do not see it.
import type { Plot as PlotElement } from "@observablehq/plot";
import { h } from "./dom";

export type Drawn = (SVGSVGElement | HTMLElement) & Partial<PlotElement>;

export class Chart {
  readonly element = h("div", { class: "chart" });
  private width = 0;

  /** `draw` gets the width in pixels; `describe` says in a sentence what the chart shows now. */
  constructor(
    private readonly draw: (width: number) => Element,
    private readonly describe: () => string,
  ) {
    new ResizeObserver(() => {
      if (Math.floor(this.element.clientWidth) !== this.width) this.refresh();
    }).observe(this.element);
  }

  refresh(): void {
    this.width = Math.floor(this.element.clientWidth);
    if (this.width === 0) return;
    const drawn = this.draw(this.width);
    drawn.setAttribute("role", "img");
    drawn.setAttribute("aria-label", this.describe());
    this.element.replaceChildren(drawn);
  }
}
