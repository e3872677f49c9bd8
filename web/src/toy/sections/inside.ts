// Why it happens: the score field that the net learned, which examples steer it, and how near it comes to the optimum.
import { h } from "../../kit/dom";
import type { Run } from "../run";
import type { Selection } from "../selection";
import { netVsOptimumFigure } from "./net_vs_optimum";
import { overlapFigure } from "./overlap";
import { ScoreField } from "./score_field";
import { section } from "./section";
import { weightsFigure } from "./weights";

/** A place kept for a figure whose key this run does not have. */
function absentFigure(title: string, what: string): HTMLElement {
  return h(
    "div",
    { class: "card absent-figure" },
    h("h3", {}, title),
    h("p", {}, `This run has no ${what}. It is filled by `, h("code", {}, "heddle toy --out DIR"), "."),
  );
}

export function insideSection(run: Run, selection: Selection): HTMLElement {
  const { json } = run;
  const hasFields = json.field_axes && json.cells.some((cell) => cell.field);
  return section(
    "inside",
    "Why it happens",
    "A diffusion network starts from pure noise and is led step by step to an answer. The signal " +
      "level says how far it has come: " +
      "0 is nothing but noise, 1 is the finished answer. Early on every example pulls; late only the nearest do.",
    hasFields ? new ScoreField(run, selection).element : absentFigure("Where the net pulls", "score field"),
    h(
      "div",
      { class: "columns even" },
      json.overlap
        ? overlapFigure(json.overlap)
        : absentFigure("How long the two tasks can be mixed up", "overlap curve"),
      json.weights ? weightsFigure(json.weights) : absentFigure("Who steers", "importance weights"),
    ),
    json.net_vs_optimum
      ? netVsOptimumFigure(json.net_vs_optimum)
      : absentFigure("Does the theory describe what training does?", "comparison of the net with the analytic optimum"),
  );
}
