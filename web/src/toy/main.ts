// The toy's page, from top to bottom.
import "../kit/base.css";
import "./page.css";
import "./explorer/explorer.css";
import "./sections/sections.css";
import { h } from "../kit/dom";
import { mountTheme } from "../kit/theme";
import { readRun, type ToyRun } from "./data";
import { explorer } from "./explorer/explorer";
import { nearestIndex, pairs } from "./geometry";
import { intro } from "./intro";
import { netLoss, Run } from "./run";
import { anovaSection } from "./sections/anova";
import { bestWSection } from "./sections/best_w";
import { findingsSection } from "./sections/findings";
import { guidelineSection } from "./sections/guideline";
import { insideSection } from "./sections/inside";
import { provenanceSection } from "./sections/provenance";
import { sensitivitySection } from "./sections/sensitivity";
import { Selection } from "./selection";

/** Opens where this run's best net out of distribution is, following an input that the target has no samples near. */
function openingView(run: Run): Selection {
  const best = run.best((cell) => netLoss(cell, "ood"));
  const { grid } = run.json.data;
  return new Selection(run, best ?? { i: 0, j: 0 }, nearestIndex(pairs(grid.xy), [(1 + grid.covered_to) / 2, 0.5]));
}

function mount(json: ToyRun, main: HTMLElement): void {
  const run = new Run(json);
  const selection = openingView(run);
  main.append(intro(run, selection), explorer(run, selection));
  const rest = [
    anovaSection,
    findingsSection,
    bestWSection,
    insideSection,
    sensitivitySection,
    guidelineSection,
    provenanceSection,
  ];
  const next = () => {
    const make = rest.shift();
    if (!make) {
      document.documentElement.dataset.ready = "true";
      return;
    }
    main.append(make(run, selection));
    setTimeout(next);
  };
  // What is first seen is painted before the rest is made.
  requestAnimationFrame(() => setTimeout(next));
}

const main = document.getElementById("main")!;
mountTheme(document.getElementById("theme")!);
try {
  mount(readRun(document.getElementById("heddle-data")), main);
} catch (error) {
  main.append(h("p", { class: "banner", role: "alert" }, error instanceof Error ? error.message : String(error)));
  document.documentElement.dataset.ready = "true";
  throw error;
}
