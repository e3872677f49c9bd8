// The paper's own numbers, to be held against the run's.
import { h } from "../../kit/dom";
import type { Run } from "../run";

export function paperCard(run: Run): HTMLElement | undefined {
  const { paper } = run.json;
  if (!paper) return undefined;
  const fact = (name: string, text: string) => h("div", {}, h("dt", {}, name), h("dd", {}, text));
  const { delta_z, w, interaction } = paper.anova;
  const shares = `Δz ${delta_z.toFixed(2)}, w ${w.toFixed(2)}, both ${interaction.toFixed(2)}`;
  return h(
    "div",
    { class: "card paper" },
    h("h3", {}, `What the paper reports (${paper.source})`),
    h(
      "dl",
      {},
      fact("best cells", paper.best),
      fact("worst cell", paper.worst),
      fact("flat row", paper.flat),
      fact("shares", shares),
    ),
  );
}
