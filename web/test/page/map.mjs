// The map of all cells: its numbers, its marks, and walking on it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { geometricMean, near, numbersIn, open } from "../browser.mjs";
import { browser, data, path, tableRows } from "./shared.mjs";

const { delta_z: deltaZ, w } = data.grid;

function lossOf(cell, shown, measure) {
  const losses = shown === "net" ? cell.loss : cell.optimum;
  return geometricMean(losses[measure]);
}

function cellsShown(page) {
  return page.$$eval("[role=gridcell]", (cells) =>
    cells.map((cell) => ({
      i: Number(cell.dataset.i),
      j: Number(cell.dataset.j),
      text: cell.textContent,
      label: cell.getAttribute("aria-label"),
      best: cell.classList.contains("best"),
      paper: cell.classList.contains("paper-best"),
      fill: getComputedStyle(cell).backgroundColor,
    })),
  );
}

function brightness(colour) {
  const [r, g, b] = numbersIn(colour);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe("the map of all cells", () => {
  let view;
  before(async () => {
    view = await open(browser, path, { height: 2400, reducedMotion: "reduce" }); // colours change at once
  });
  after(() => view.close());
  const selected = () =>
    view.page.$eval("[role=gridcell][aria-selected=true]", (cell) => [Number(cell.dataset.i), Number(cell.dataset.j)]);
  const sliders = () =>
    view.page.$$eval("#slider-dz, #slider-w", (inputs) => inputs.map((input) => input.valueAsNumber));

  for (const shown of data.cells.some((cell) => cell.optimum) ? ["net", "optimum"] : ["net"]) {
    for (const measure of ["ood", "covered", "whole"]) {
      test(
        `shows the loss of ${shown}, ${measure}, for every cell, brighter where smaller, and marks the ` + "best",
        async () => {
          await view.page.selectOption("#map-shown", shown);
          await view.page.selectOption("#map-measure", measure);
          const cells = await cellsShown(view.page);
          const table = await tableRows(view.page, "map");
          assert.equal(cells.length, deltaZ.length * w.length);
          const trained = data.cells.filter((cell) => cell[shown === "net" ? "loss" : "optimum"]);
          const best = trained.reduce((a, b) => (lossOf(b, shown, measure) < lossOf(a, shown, measure) ? b : a));
          const known = cells
            .map((at) => ({ at, cell: trained.find(({ i, j }) => i === at.i && j === at.j) }))
            .filter(({ cell }) => cell);
          for (const { at, cell } of known) {
            const loss = lossOf(cell, shown, measure);
            assert.ok(near(numbersIn(at.text)[0], loss, 2), `${at.label}: ${at.text} against ${loss}`);
            assert.deepEqual(numbersIn(at.label).slice(1, 3), [cell.delta_z, cell.w], at.label);
            assert.ok(
              at.label.startsWith(at.text) &&
                at.label.includes(cell.regime.name === "structured" ? "Structured" : cell.regime.name.slice(1)),
              at.label,
            );
            assert.ok(near(numbersIn(table[at.i][at.j + 1])[0], loss), `${table[at.i][at.j + 1]} against ${loss}`);
            assert.equal(at.best, cell === best);
            const published = (data.paper?.best_cells ?? []).some(
              ([dz, ratio]) => dz === deltaZ[at.i] && ratio === w[at.j],
            );
            assert.equal(at.paper, published);
          }
          const byLoss = known
            .sort((a, b) => lossOf(a.cell, shown, measure) - lossOf(b.cell, shown, measure))
            .map(({ at }) => brightness(at.fill));
          byLoss
            .slice(1)
            .forEach((value, k) =>
              assert.ok(value <= byLoss[k] + 1.5, `loss ${k + 1} of ${byLoss.length}: ${byLoss[k]} then ${value}`),
            );
        },
      );
    }
  }

  test("shows each cell's regime by letter", async () => {
    await view.page.selectOption("#map-shown", "regime");
    for (const at of await cellsShown(view.page)) {
      const cell = data.cells.find(({ i, j }) => i === at.i && j === at.j);
      assert.equal(at.text, cell ? cell.regime.name[0].toUpperCase() : "–");
    }
    assert.equal(await view.page.isDisabled("#map-measure"), true, "a choice without effect cannot be made");
    await view.page.selectOption("#map-shown", "net");
    assert.equal(await view.page.isDisabled("#map-measure"), false);
  });

  test("a click selects a cell and moves both sliders", async () => {
    await view.page.click("[role=gridcell][data-i='1'][data-j='2']");
    assert.deepEqual(await selected(), [1, 2]);
    assert.deepEqual(await sliders(), [1, 2]);
  });

  test("arrow keys walk, stop at the edges, and carry the focus", async () => {
    const press = async (key, times = 1) => {
      for (let k = 0; k < times; ++k) await view.page.keyboard.press(key);
    };
    await view.page.focus("[role=gridcell][aria-selected=true]");
    await press("ArrowUp", deltaZ.length);
    await press("Home");
    assert.deepEqual(await selected(), [0, 0]);
    await press("ArrowDown");
    await press("ArrowRight");
    assert.deepEqual(await selected(), [1, 1]);
    await press("End");
    await press("ArrowDown", deltaZ.length);
    await press("ArrowRight");
    assert.deepEqual(await selected(), [deltaZ.length - 1, w.length - 1]);
    assert.deepEqual(await sliders(), await selected());
    assert.equal(await view.page.$eval(":focus", (cell) => cell.getAttribute("aria-selected")), "true");
  });

  test("is one stop of the tab key", async () => {
    assert.equal(await view.page.locator("[role=gridcell][tabindex='0']").count(), 1);
  });
});
