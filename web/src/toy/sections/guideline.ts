// The paper's rule of thumb for w, tried on the paper's own table of success rates.
import * as Plot from "@observablehq/plot";
import { Chart } from "../../kit/chart";
import { h } from "../../kit/dom";
import { figure } from "../../kit/figure";
import { num } from "../../kit/format";
import { logAxis } from "../../kit/log_axis";
import { keyOf } from "../../kit/key";
import { NumbersTable } from "../../kit/table";
import type { GuidelineSetting } from "../data";
import type { Run } from "../run";
import { absent, section } from "./section";

const TITLE = "Can w be guessed beforehand?";

function readable(setting: string): string {
  return setting.replaceAll("_", " ");
}

function draw(settings: GuidelineSetting[], width: number): Element {
  const name = (s: GuidelineSetting) => readable(s.setting);
  const narrow = width < 520;
  return Plot.plot({
    width,
    height: (narrow ? 54 : 32) * settings.length + 52,
    marginLeft: narrow ? 14 : 200,
    marginRight: 18,
    marginBottom: 36,
    x: { type: "log", domain: [0.004, 1] },
    y: { domain: settings.map(name), label: null, ...(narrow ? { axis: null } : {}) },
    marks: [
      logAxis(narrow ? [0.01, 0.1, 1] : [0.005, 0.016, 0.1, 0.3, 0.5, 1], "w (log scale) →"),
      Plot.ruleY(settings, {
        y: name,
        x1: "w_n",
        x2: "w_q",
        stroke: "var(--bar)",
        strokeWidth: 11,
        strokeOpacity: 0.35,
        strokeLinecap: "round",
        className: "ranges",
      }),
      Plot.dot(settings, {
        x: "best_w",
        y: name,
        symbol: "star",
        r: 5.5,
        fill: "var(--ink)",
        className: "best-overall",
      }),
      Plot.dot(settings, {
        x: "best_inside_w",
        y: name,
        r: 9,
        stroke: "var(--net)",
        strokeWidth: 2.2,
        className: "best-inside",
      }),
      narrow ? Plot.text(settings, { y: name, x: 0.004, dy: -20, text: name, textAnchor: "start" }) : null,
    ],
  });
}

function words(settings: GuidelineSetting[]): string {
  const outside = settings.filter(({ best_w, w_n, w_q }) => best_w < w_n || best_w > w_q).length;
  const worst = Math.max(...settings.map(({ regret }) => regret));
  return (
    `In ${settings.length - outside} of ${settings.length} settings the best w of all lies inside the range; ` +
    `taking the best w inside costs at most ${num(worst)} of success (1 is every trial).`
  );
}

export function guidelineSection(run: Run): HTMLElement {
  const { guideline } = run.json;
  if (!guideline || guideline.settings.length === 0)
    return absent("guideline", TITLE, "trial of the ratio guideline", "heddle toy --out DIR");
  const { settings, note } = guideline;
  const chart = new Chart(
    (width) => draw(settings, width),
    () => words(settings),
  );
  return section(
    "guideline",
    TITLE,
    [
      "The paper's guideline gives a range for w from the sizes of the two data sets alone: from w",
      h("sub", {}, "n"),
      ", the target's natural share of the data, to w",
      h("sub", {}, "q"),
      ". Here it is held against the success rates that the paper published for simulated robots.",
    ],
    figure({
      title: "The range, and where the best w lay",
      id: "guideline-figure",
      key: keyOf([
        { label: "range of the guideline", colour: "var(--bar)", area: true },
        { label: "best inside it", colour: "var(--net)", symbol: "circle", hollow: true },
        { label: "best of all", colour: "var(--ink)", symbol: "star" },
      ]),
      body: chart.element,
      caption: note ? `${words(settings)} ${note}` : words(settings),
      numbers: new NumbersTable(() => ({
        caption: "The guideline on the paper's table",
        head: ["setting", "range of w", "best w", "success", "best w inside", "success", "regret"],
        rows: settings.map((s) => [
          readable(s.setting),
          `${num(s.w_n)} to ${num(s.w_q)}`,
          num(s.best_w),
          s.best.toFixed(3),
          num(s.best_inside_w),
          s.best_inside.toFixed(3),
          s.regret.toFixed(3),
        ]),
      })),
    }),
  );
}
