// A chart that fills its place: drawn again when the place gets another width, described in words for those who do not
// see
// it. A chart out of sight waits until it is scrolled to, so that a slider moves only what can be seen.
import { h } from "./dom";

const NEAR = "400px";

export class Chart {
  readonly element = h("div", { class: "chart" });
  /** As last observed: asking for it anew would lay out the page once more for every move of a slider. */
  private width = 0;
  private visible = true;
  private stale = false;

  /** `draw` gets the width in pixels; `describe` says in a sentence what the chart shows now. */
  constructor(
    private readonly draw: (width: number) => Element,
    private readonly describe: () => string,
  ) {
    new ResizeObserver(() => {
      const width = Math.floor(this.element.clientWidth);
      if (width === this.width) return;
      this.width = width;
      this.drawNow();
    }).observe(this.element);
    const watch = new IntersectionObserver(([entry]) => this.seen(entry!.isIntersecting), { rootMargin: NEAR });
    watch.observe(this.element);
    addEventListener("beforeprint", () => this.seen(true));
  }

  refresh(): void {
    if (this.visible) this.drawNow();
    else this.stale = true;
  }

  private seen(visible: boolean): void {
    this.visible = visible;
    if (visible && this.stale) this.drawNow();
  }

  private drawNow(): void {
    this.stale = false;
    if (this.width === 0) return;
    const drawn = this.draw(this.width);
    // The whole is one image: Plot's labels of its parts serve the style sheet only.
    for (const part of drawn.querySelectorAll("[aria-label]")) {
      part.setAttribute("data-part", part.getAttribute("aria-label")!);
      part.removeAttribute("aria-label");
    }
    drawn.setAttribute("role", "img");
    drawn.setAttribute("aria-label", this.describe());
    this.element.replaceChildren(drawn);
  }
}
