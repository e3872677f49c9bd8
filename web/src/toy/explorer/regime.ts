// The regime of the cell, with its reason in words: always from what the net did, never from its Δz.
import { h } from "../../kit/dom";
import { count, num, percent, times } from "../../kit/format";
import type { Cell } from "../data";
import { REGIMES, type Run } from "../run";
import type { Selection } from "../selection";

function transferWords(transfer: number): string {
  const factor = 10 ** Math.abs(transfer);
  if (factor < 1.15) return "Where the target has no samples, the net errs as much as one trained on the target alone.";
  const better = transfer > 0 ? "smaller" : "larger";
  return `Where the target has no samples, the error is ${times(factor)} ${better} than with the target alone.`;
}

function reasons({ regime }: Cell, seeds: number): string[] {
  const agree = Math.round(regime.sure * seeds);
  const modes = regime.two_modes < 0.005 ? "No covered input shows" : `${percent(regime.two_modes)} of the covered inputs show`;
  return [
    transferWords(regime.transfer),
    `${modes} both answers among ${regime.two_modes < 0.005 ? "its" : "their"} samples; ` +
      `${percent(regime.source_share)} of the samples there lie nearer to the source's answer.`,
    seeds === 1 ? "One seed: whether others agree is not known." : `${agree} of ${count(seeds, "seed")} ${agree === 1 ? "gives" : "give"} this name.`,
  ];
}

export function regimeCard(run: Run, selection: Selection): HTMLElement {
  const card = h("section", { class: "card regime", id: "regime", "aria-live": "polite" });
  const show = () => {
    const cell = run.cell(selection.place);
    const { i, j } = selection.place;
    const where = `Δz = ${num(run.deltaZ[i]!)}, w = ${num(run.w[j]!)}`;
    if (!cell) {
      card.replaceChildren(h("h3", {}, where), h("p", {}, "This cell was not trained: the run was interrupted before it."));
      return;
    }
    const words = REGIMES[cell.regime.name];
    card.replaceChildren(
      h("p", { class: "where quiet" }, where),
      h("h3", {}, h("span", { class: `badge regime-${cell.regime.name}` }, words?.letter ?? "?"), " ", words?.short ?? cell.regime.name),
      h("p", { class: "meaning" }, words ? `${words.meaning[0]!.toUpperCase()}${words.meaning.slice(1)}.` : ""),
      h("ul", {}, reasons(cell, run.seeds).map((text) => h("li", {}, text))),
    );
  };
  selection.onCell(show);
  show();
  return card;
}
