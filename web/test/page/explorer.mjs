// The two knobs: every position of both, and all that hangs on them.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { geometricMean, near, numbersIn, open } from "../browser.mjs";
import { browser, data, path, slide } from "./shared.mjs";

const MEASURES = ["ood", "covered", "whole"];
const NAMES = { disjoint: "Disjoint", structured: "Structured aligned", overlapping: "Overlapping" };
const { delta_z: deltaZ, w } = data.grid;
const cellAt = (i, j) => data.cells.find((cell) => cell.i === i && cell.j === j);
const pairs = (flat) => Array.from({ length: flat.length / 2 }, (_, k) => [flat[2 * k], flat[2 * k + 1]]);

/** What the page shows of the cell under the sliders. */
function reading(page) {
  return page.evaluate(() => {
    const texts = (selector) => [...document.querySelectorAll(selector)].map((element) => element.textContent);
    const marks = [...document.querySelectorAll(".predictions path")];
    return {
      outputs: [
        document.querySelector("#slider-dz ~ * output, .slider:has(#slider-dz) output").textContent,
        document.querySelector(".slider:has(#slider-w) output").textContent,
      ],
      spoken: [
        document.getElementById("slider-dz").getAttribute("aria-valuetext"),
        document.getElementById("slider-w").getAttribute("aria-valuetext"),
      ],
      regime: texts("#regime h3")[0],
      reasons: texts("#regime li"),
      losses: [...document.querySelectorAll("#loss-table tbody tr")].map((row) =>
        [...row.querySelectorAll("td")].map((cell) => cell.textContent),
      ),
      selected: [...document.querySelectorAll("[role=gridcell][aria-selected=true]")].map((cell) => [
        Number(cell.dataset.i),
        Number(cell.dataset.j),
      ]),
      lit: [...document.querySelectorAll(".example[aria-current=true]")].map((button) => button.dataset.regime),
      covered: marks.filter((mark) => mark.classList.contains("covered")).length,
      ood: marks.filter((mark) => mark.classList.contains("ood")).length,
      outside: marks.filter((mark) => mark.classList.contains("outside")).length,
      words: texts("#outputs-words")[0],
      spokenChart: document.querySelector("#outputs-chart svg").getAttribute("aria-label"),
    };
  });
}

function checkReading(shown, i, j) {
  const cell = cellAt(i, j);
  const where = `at Δz = ${deltaZ[i]}, w = ${w[j]}`;
  assert.deepEqual(
    shown.outputs.map((text) => numbersIn(text)[0]),
    [deltaZ[i], w[j]],
    where,
  );
  assert.deepEqual(shown.spoken, shown.outputs, where);
  assert.deepEqual(shown.selected, [[i, j]], where);
  if (!cell) {
    assert.match(shown.words, /was not trained/);
    assert.equal(shown.covered + shown.ood, 0);
    return;
  }
  assert.ok(shown.regime.endsWith(NAMES[cell.regime.name]), `${where}: ${shown.regime}`);
  assert.deepEqual(shown.lit, [cell.regime.name]);
  const alone = data.target_only.find((row) => row.delta_z === deltaZ[i]).loss;
  MEASURES.forEach((measure, row) => {
    const expected = [cell.loss, alone, cell.optimum].map((losses) =>
      losses ? geometricMean(losses[measure]) : undefined,
    );
    expected.forEach((value, column) => {
      const text = shown.losses[row][column];
      if (value === undefined) assert.equal(text, "–");
      else assert.ok(near(numbersIn(text)[0], value), `${where}: ${measure} shows ${text}, data ${value}`);
    });
  });
  const perPoint = cell.samples.length / data.data.grid.xy.length;
  const coveredInputs = pairs(data.data.grid.xy).filter(([x]) => x <= data.data.grid.covered_to).length;
  assert.equal(shown.covered, coveredInputs * perPoint, where);
  assert.equal(shown.covered + shown.ood, cell.samples.length / 2, where);
  const told = numbersIn(shown.words);
  assert.equal(told[0], cell.samples.length / 2);
  assert.equal(told[3] ?? 0, shown.outside, `${where}: ${shown.words}`);
  assert.equal(shown.spokenChart, shown.words);
}

function checkReasons(shown, cell) {
  const alone = data.target_only.find((row) => row.delta_z === cell.delta_z).loss;
  const ratio = geometricMean(cell.loss.covered) / geometricMean(alone.covered);
  const times = Math.max(ratio, 1 / ratio);
  if (times < 1.15) assert.match(shown.reasons[1], /both err alike/);
  else {
    assert.match(shown.reasons[1], ratio < 1 ? /smaller/ : /larger/);
    assert.ok(near(numbersIn(shown.reasons[1])[0], times, 2), `${shown.reasons[1]} against ${times}`);
  }
  const { transfer, two_modes, source_share, sure } = cell.regime;
  const factor = 10 ** Math.abs(transfer);
  if (factor < 1.15) assert.match(shown.reasons[0], /errs as much/);
  else {
    assert.match(shown.reasons[0], transfer > 0 ? /smaller/ : /larger/);
    assert.ok(near(numbersIn(shown.reasons[0])[0], factor, 2), shown.reasons[0]);
  }
  const percents = [...shown.reasons[2].matchAll(/([<>]?)(\d+)\u00a0%/g)].map(([, sign, n]) =>
    sign ? sign : Number(n),
  );
  const wanted = [two_modes, source_share].filter((share) => share > 0);
  assert.equal(percents.length, wanted.length, shown.reasons[2]);
  wanted.forEach((share, k) => {
    const rounded = Math.round(100 * share);
    const edge = share < 0.005 ? "<" : share < 1 && rounded === 100 ? ">" : rounded;
    assert.equal(percents[k], edge, `${shown.reasons[2]} against ${share}`);
  });
  if (cell.loss.ood.length > 1)
    assert.deepEqual(numbersIn(shown.reasons[3]), [Math.round(sure * cell.loss.ood.length), cell.loss.ood.length]);
}

describe("the two knobs", () => {
  let view;
  before(async () => {
    view = await open(browser, path, { height: 2400 });
  });
  after(() => view.close());

  test("opens at the net with the least error out of distribution", async () => {
    const best = data.cells.reduce((a, b) => (geometricMean(b.loss.ood) < geometricMean(a.loss.ood) ? b : a));
    checkReading(await reading(view.page), best.i, best.j);
  });

  test("shows the right cell at every position of both sliders", async () => {
    for (let i = 0; i < deltaZ.length; ++i) {
      await slide(view.page, "slider-dz", i);
      for (let j = 0; j < w.length; ++j) {
        await slide(view.page, "slider-w", j);
        const shown = await reading(view.page);
        checkReading(shown, i, j);
        if (cellAt(i, j)) checkReasons(shown, cellAt(i, j));
      }
    }
  });

  test("puts every sample where its numbers say", async () => {
    const { target } = data.data;
    for (const cell of [data.cells[0], data.cells[data.cells.length >> 1], data.cells.at(-1)]) {
      await slide(view.page, "slider-dz", cell.i);
      await slide(view.page, "slider-w", cell.j);
      const shown = await view.page.evaluate(() => {
        const at = (mark) =>
          mark
            .getAttribute("transform")
            .match(/-?[\d.]+/g)
            .slice(0, 2)
            .map(Number);
        return {
          samples: [...document.querySelectorAll("#outputs-chart .target-samples > *")].map(at),
          marks: [...document.querySelectorAll(".predictions path")].map((mark) => ({
            at: at(mark),
            outside: mark.classList.contains("outside"),
          })),
        };
      });
      const known = pairs(target.out);
      assert.equal(shown.samples.length, known.length);
      const axis = (c) => {
        const [low, high] = [0, 1].map((side) =>
          known.reduce((a, p, k) => (p[c] < known[a][c] === (side === 0) ? k : a), 0),
        );
        const slope = (shown.samples[high][c] - shown.samples[low][c]) / (known[high][c] - known[low][c]);
        return (value) => shown.samples[low][c] + slope * (value - known[low][c]);
      };
      const [x, y] = [axis(0), axis(1)];
      pairs(cell.samples).forEach(([u, v], k) => {
        const mark = shown.marks[k];
        const off = Math.hypot(mark.at[0] - x(u / 100), mark.at[1] - y(v / 100));
        assert.ok(mark.outside ? off > 0 : off < 0.5, `sample ${k} is ${off} pixels off`);
      });
    }
  });

  test("the keyboard moves the sliders step by step and to their ends", async () => {
    const { page } = view;
    for (const [id, values] of [
      ["slider-dz", deltaZ],
      ["slider-w", w],
    ]) {
      await page.focus(`#${id}`);
      const shown = async () => numbersIn(await page.textContent(`.slider:has(#${id}) output`))[0];
      await page.keyboard.press("Home");
      assert.equal(await shown(), values[0]);
      await page.keyboard.press("ArrowRight");
      assert.equal(await shown(), values[Math.min(1, values.length - 1)]);
      await page.keyboard.press("End");
      assert.equal(await shown(), values.at(-1));
      await page.keyboard.press("ArrowLeft");
      assert.equal(await shown(), values.at(-2) ?? values[0]);
    }
  });

  test("each example leads to a cell of its regime", async () => {
    const { page } = view;
    const there = new Set(data.cells.map((cell) => cell.regime.name));
    const offered = await page.$$eval(".example", (buttons) => buttons.map((button) => button.dataset.regime));
    assert.deepEqual(new Set(offered), there);
    for (const name of offered) {
      await page.click(`.example[data-regime=${name}]`);
      const [[i, j]] = (await reading(page)).selected;
      assert.equal(cellAt(i, j).regime.name, name);
    }
  });

  test("the address keeps the cell", async () => {
    const cell = data.cells.at(-1);
    const again = await open(browser, path, { hash: `#dz=${cell.delta_z}&w=${cell.w}`, height: 2400 });
    checkReading(await reading(again.page), cell.i, cell.j);
    await again.close();
  });

  test("follows one input by its sliders and by a click", async () => {
    const { page } = view;
    const inputs = pairs(data.data.grid.xy);
    const xs = [...new Set(inputs.map(([x]) => x))].sort((a, b) => a - b);
    const ys = [...new Set(inputs.map(([, y]) => y))].sort((a, b) => a - b);
    const cell = data.cells[0];
    const perPoint = cell.samples.length / data.data.grid.xy.length;
    await slide(page, "slider-dz", cell.i);
    await slide(page, "slider-w", cell.j);
    for (const [ix, iy] of [
      [0, 0],
      [xs.length - 1, 3],
      [5, ys.length - 1],
    ]) {
      await slide(page, "slider-x", ix);
      await slide(page, "slider-y", iy);
      const index = inputs.findIndex(([x, y]) => x === xs[ix] && y === ys[iy]);
      const right = pairs(data.data.grid.truth)[index];
      const samples = pairs(cell.samples).slice(index * perPoint, (index + 1) * perPoint);
      const away =
        samples.reduce((sum, [u, v]) => sum + Math.hypot(u / 100 - right[0], v / 100 - right[1]), 0) / perPoint;
      const words = await page.textContent("#follow-words");
      assert.match(
        words,
        xs[ix] <= data.data.grid.covered_to ? /among the target's samples/ : /where the target has none/,
      );
      assert.ok(near(numbersIn(words)[1], away, 2), `${words} against ${away}`);
      assert.equal(await page.locator(".followed .sample").count(), perPoint);
    }
    const plane = await page.locator("#inputs svg").boundingBox();
    await page.mouse.click(plane.x + plane.width - 12, plane.y + 12);
    assert.deepEqual(
      await page.$$eval("#slider-x, #slider-y", (sliders) => sliders.map((slider) => slider.value === slider.max)),
      [true, true],
    );
  });

  test("the key hides and shows each layer", async () => {
    const { page } = view;
    const layers = [
      ".band.target",
      ".band.source",
      ".target-samples",
      ".predictions .covered",
      ".predictions .ood",
      ".followed",
    ];
    const boxes = page.locator("#outputs .key input");
    assert.equal(await boxes.count(), layers.length);
    for (const [k, selector] of layers.entries()) {
      const shown = () => page.$eval(`#outputs ${selector}`, (element) => getComputedStyle(element).display !== "none");
      assert.equal(await shown(), true, selector);
      await boxes.nth(k).uncheck();
      assert.equal(await shown(), false, selector);
      await boxes.nth(k).check();
    }
  });
});
