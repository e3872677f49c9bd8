// What the shares hang on: one detail of the set-up varied at a time.
import * as Plot from "@observablehq/plot";
import { Chart } from "../../kit/chart";
import { h } from "../../kit/dom";
import { figure } from "../../kit/figure";
import { num, share } from "../../kit/format";
import { keyOf } from "../../kit/key";
import { NumbersTable } from "../../kit/table";
import type { Shares, ToyRun } from "../data";
import type { Run } from "../run";
import { absent, section } from "./section";

const TITLE = "What the result hangs on";
const EFFECTS: { key: keyof Shares; label: string; colour: string; symbol: "circle" | "square" | "triangle" }[] = [
  { key: "delta_z", label: "Δz, the distance", colour: "var(--bar)", symbol: "circle" },
  { key: "w", label: "w, the ratio", colour: "var(--paper)", symbol: "square" },
  { key: "interaction", label: "both together", colour: "var(--net)", symbol: "triangle" },
];

interface Row {
  name: string;
  what: string;
  shares: Shares;
  best?: [number, number];
  worst?: [number, number];
}

function rowsOf({ baseline, variants }: NonNullable<ToyRun["sensitivity"]>): Row[] {
  const { shares, best, worst } = baseline;
  const first: Row[] = shares
    ? [
        {
          name: "as run",
          what: "the set-up of this page",
          shares,
          ...(best ? { best } : {}),
          ...(worst ? { worst } : {}),
        },
      ]
    : [];
  return [...first, ...variants];
}

function draw(rows: Row[], width: number): Element {
  const dots = rows.flatMap((row) => EFFECTS.map((effect) => ({ row, effect, share: row.shares[effect.key] })));
  const baseline =
    rows[0]?.name === "as run" ? EFFECTS.map((effect) => ({ effect, share: rows[0]!.shares[effect.key] })) : [];
  const name = (d: { row: Row }) => d.row.name;
  const narrow = width < 520;
  return Plot.plot({
    width,
    height: (narrow ? 48 : 34) * rows.length + 52,
    marginLeft: narrow ? 14 : 220,
    marginRight: 18,
    marginBottom: 36,
    x: { domain: [0, 1], label: "share of the variance →", grid: true, ticks: narrow ? 3 : 6 },
    y: { domain: rows.map((row) => row.name), label: null, ...(narrow ? { axis: null } : {}) },
    marks: [
      Plot.ruleX(baseline, {
        x: "share",
        stroke: (d: { effect: (typeof EFFECTS)[number] }) => d.effect.colour,
        strokeDasharray: "3 4",
        strokeOpacity: 0.7,
      }),
      Plot.ruleY(rows, { y: "name", x1: 0, x2: 1, stroke: "var(--line)" }),
      ...EFFECTS.map((effect, k) =>
        Plot.dot(
          dots.filter((d) => d.effect === effect),
          {
            x: "share",
            y: name,
            dy: 5 * (k - 1),
            symbol: effect.symbol,
            fill: effect.colour,
            r: 5,
            stroke: "var(--surface)",
            className: "variant-shares",
          },
        ),
      ),
      narrow ? Plot.text(rows, { y: "name", x: 0, dy: -17, text: "name", textAnchor: "start" }) : null,
    ],
  });
}

function pair(at: [number, number] | undefined): string {
  return at ? `${num(at[0])}, ${num(at[1])}` : "–";
}

export function sensitivitySection(run: Run): HTMLElement {
  const { sensitivity } = run.json;
  if (!sensitivity || sensitivity.variants.length === 0)
    return absent(
      "sensitivity",
      TITLE,
      "study of single details: it is made once, and a heddle that was built after it shows it on every page",
      "python3 benchmarks/toy_sensitivity/run.py",
    );
  const rows = rowsOf(sensitivity);
  const most = `What moves the shares most: ${sensitivity.moves_most}.`;
  const chart = new Chart(
    (width) => draw(rows, width),
    () => most,
  );
  return section(
    "sensitivity",
    TITLE,
    "The paper leaves many details of the toy open. Here each is varied alone, and the shares of the " +
      "variance out of distribution are taken again. The dotted lines are the run as it stands.",
    figure({
      title: "One detail at a time",
      id: "sensitivity-figure",
      key: keyOf(EFFECTS.map(({ label, colour, symbol }) => ({ label, colour, symbol }))),
      body: chart.element,
      caption: h("p", { id: "sensitivity-words" }, h("strong", {}, most)),
      numbers: new NumbersTable(() => ({
        caption: "Shares with one detail varied at a time; best and worst cell as Δz, w",
        head: ["variant", "what is varied", "Δz", "w", "both", "best cell", "worst cell"],
        rows: rows.map((row) => [
          row.name,
          row.what,
          ...EFFECTS.map(({ key }) => share(row.shares[key])),
          pair(row.best),
          pair(row.worst),
        ]),
      })),
    }),
  );
}
