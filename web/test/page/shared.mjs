// One browser and one filled page for all suites.
import { after } from "node:test";
import { dataOf, launch, writePage } from "../browser.mjs";
import { makeSample } from "../make_sample.mjs";

export const path = process.env.HEDDLE_TOY_PAGE ?? writePage("toy", makeSample());
export const data = dataOf(path);
export const browser = await launch();
after(() => browser.close());

/** Moves a slider as its user does, by its value and an input event. */
export function slide(page, id, index) {
  return page.evaluate(
    ([name, value]) => {
      const input = document.getElementById(name);
      input.value = String(value);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    },
    [id, index],
  );
}

/** The rows of the numbers table of a figure, opened: arrays of cell texts. */
export async function tableRows(page, figureId) {
  await page.evaluate((id) => {
    const details = document.querySelector(`#${id} details`);
    details.open = true;
  }, figureId);
  await page.waitForSelector(`#${figureId} details tbody tr`);
  return page.$$eval(`#${figureId} details tbody tr`, (rows) =>
    rows.map((row) => [...row.children].map((cell) => cell.textContent)),
  );
}
