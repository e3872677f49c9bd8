// The regime of the cell, with its reason in words: always from what the net did, never from its Δz.
import { h } from "../../kit/dom";
import { count, geometricMean, num, percent, times } from "../../kit/format";
import type { Cell, Losses, ToyRun } from "../data";
import { netLoss, REGIMES, type Run } from "../run";
import type { Selection } from "../selection";

function transferWords(transfer: number): string {
  const factor = 10 ** Math.abs(transfer);
  if (factor < 1.15)
    return "Where the target has no samples, the net errs as much as the best one trained on the target alone.";
  const better = transfer > 0 ? "smaller" : "larger";
  return `Where the target has no samples, the error is ${times(factor)} ${better} than that of the best net trained on the target alone.`;
}

/** What the net pays, or gains, where the target has samples. */
function coveredWords(cell: Cell, alone: Losses | undefined): string[] {
  if (!alone) return [];
  const ratio = netLoss(cell, "covered") / geometricMean(alone.covered);
  const factor = Math.max(ratio, 1 / ratio);
  if (factor < 1.15) return ["Where the target has samples, both err alike."];
  return [`Where the target has samples, the error is ${times(factor)} ${ratio < 1 ? "smaller" : "larger"}.`];
}

function reasons(cell: Cell, alone: Losses | undefined): string[] {
  const { regime, loss } = cell;
  const seeds = loss.ood.length;
  const agree = Math.round(regime.sure * seeds);
  const modes =
    regime.two_modes === 0 ? "No covered input shows" : `${percent(regime.two_modes)} of the covered inputs show`;
  const followers =
    regime.source_share === 0
      ? "none of the samples there follows"
      : `${percent(regime.source_share)} of the samples there follow`;
  return [
    transferWords(regime.transfer),
    ...coveredWords(cell, alone),
    `${modes} both answers among ${regime.two_modes === 0 ? "its" : "their"} samples; ${followers} ` +
      "the source's answer.",
    seeds === 1
      ? "One seed: whether others agree is not known."
      : `${agree} of ${count(seeds, "seed")} ${agree === 1 ? "gives" : "give"} this name.`,
  ];
}

/** By which thresholds the names are given, if the run says. */
function rule({ thresholds }: ToyRun): HTMLElement | null {
  if (!thresholds) return null;
  const { two_modes, source_share, transfer } = thresholds;
  const shares =
    `at least ${percent(two_modes)} of the covered inputs show both answers, or at least ` +
    `${percent(source_share)} of their samples follow the source's`;
  const below = `the error where the target has no samples is below ${percent(10 ** -transfer)} of the best target-only net's`;
  return h(
    "details",
    { class: "numbers", id: "regime-rule" },
    h("summary", {}, "How the name is given"),
    h(
      "p",
      { class: "small" },
      `By what the net does, never by its Δz. Overlapping: ${shares}. Structured aligned: otherwise, ` +
        `and ${below}. Disjoint: otherwise. With several seeds the name that most of them give.`,
    ),
  );
}

export function regimeCard(run: Run, selection: Selection): HTMLElement {
  const said = h("div", { class: "regime", "aria-live": "polite" });
  const card = h("section", { class: "card regime", id: "regime" }, said, rule(run.json));
  const show = () => {
    const cell = run.cell(selection.place);
    const { i, j } = selection.place;
    const where = `Δz = ${num(run.deltaZ[i]!)}, w = ${num(run.w[j]!)}`;
    if (!cell) {
      said.replaceChildren(
        h("h3", {}, where),
        h("p", {}, "This cell was not trained: the run was interrupted before it."),
      );
      return;
    }
    const words = REGIMES[cell.regime.name];
    said.replaceChildren(
      h("p", { class: "where quiet" }, where),
      h(
        "h3",
        {},
        h("span", { class: `badge regime-${cell.regime.name}` }, words?.letter ?? "?"),
        " ",
        words?.short ?? cell.regime.name,
      ),
      h("p", { class: "meaning" }, words ? `${words.meaning[0]!.toUpperCase()}${words.meaning.slice(1)}.` : ""),
      h(
        "ul",
        {},
        reasons(cell, run.targetOnly(selection.place.i)).map((text) => h("li", {}, text)),
      ),
    );
  };
  selection.onCell(show);
  show();
  return card;
}
