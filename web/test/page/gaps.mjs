// Runs that lack something, and data that means harm: the page says so and goes on.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { open, templatePath, writePage } from "../browser.mjs";
import { HOSTILE, makeSample } from "../make_sample.mjs";
import { browser, slide, tableRows } from "./shared.mjs";

async function withSample(options, check, change = (sample) => sample) {
  const sample = change(makeSample(options));
  const { page, seen, close } = await open(browser, writePage("gaps", sample), { height: 9000 });
  await check(page, sample, seen);
  await close();
}

describe("what a run lacks", () => {
  test("a run without the optional keys: each section says which command fills it", async () => {
    await withSample({ bare: true, small: true }, async (page, _, seen) => {
      for (const id of ["anova", "findings", "best-w", "sensitivity", "guideline"]) {
        assert.match(await page.textContent(`#${id}`), /This run has no .* It is filled by (heddle toy|python3 )/s);
      }
      assert.equal(await page.locator(".absent-figure").count(), 4);
      assert.equal(await page.locator(".paper-best").count(), 0);
      assert.deepEqual(seen, []);
    });
  });

  test("an interrupted run: a banner, hatched cells, and a word at a cell that is missing", async () => {
    await withSample({ partial: true }, async (page, sample, seen) => {
      assert.match(await page.textContent("#partial"), new RegExp(`${sample.cells.length} of 81`));
      assert.equal(await page.locator("[role=gridcell].absent").count(), 81 - sample.cells.length);
      await slide(page, "slider-dz", 0);
      await slide(page, "slider-w", 1);
      assert.match(await page.textContent("#regime"), /not trained/);
      assert.match(await page.textContent("#outputs-words"), /not trained/);
      assert.equal(await page.locator(".predictions path").count(), 0);
      await slide(page, "slider-w", 2);
      assert.equal(await page.locator(".predictions path").count(), 1024);
      assert.deepEqual(seen, []);
    });
  });

  test("one seed: no residual, no test, and the page says why", async () => {
    await withSample({ seeds: 1 }, async (page, _, seen) => {
      const rows = await tableRows(page, "anova-figure");
      assert.equal(rows.length, 3);
      assert.ok(rows.every((row) => row[6] === "–" || !row[0].includes("both")));
      assert.match(await page.textContent("#anova-words"), /one seed.*no residual/s);
      assert.match(await page.textContent("#regime"), /One seed/);
      assert.deepEqual(seen, []);
    });
  });

  test("a cell whose first seed was not reached shows its losses and says why it has no samples", async () => {
    const change = (sample) => {
      const cell = sample.cells[0];
      delete cell.samples;
      delete cell.field;
      for (const losses of [cell.loss, cell.optimum]) for (const key of Object.keys(losses)) losses[key].shift();
      return sample;
    };
    await withSample(
      { partial: true },
      async (page, sample, seen) => {
        await slide(page, "slider-dz", 0);
        await slide(page, "slider-w", 0);
        assert.match(await page.textContent("#outputs-words"), /first seed of this cell was not trained/);
        assert.match(await page.textContent("#follow-words"), /no samples of this cell/);
        assert.equal(await page.locator(".predictions path").count(), 0);
        assert.match(await page.textContent("#loss-table caption"), /over 2 seeds/);
        assert.match(await page.textContent("#regime"), /of 2 seeds/);
        assert.deepEqual(seen, []);
      },
      change,
    );
  });

  test("a grid of one cell, and one with w = 0 and w = 1, are shown like any other", async () => {
    const cut = (deltaZ, w) => (sample) => {
      const keep = (cell) => deltaZ.includes(cell.delta_z) && w.includes(cell.w);
      sample.cells = sample.cells
        .filter(keep)
        .map((cell) => ({ ...cell, i: deltaZ.indexOf(cell.delta_z), j: w.indexOf(cell.w) }));
      sample.target_only = sample.target_only.filter((row) => deltaZ.includes(row.delta_z));
      sample.grid = { ...sample.grid, delta_z: deltaZ, w };
      sample.best_w = [];
      delete sample.anova;
      return sample;
    };
    await withSample(
      {},
      async (page, _, seen) => {
        assert.equal(await page.locator("[role=gridcell]").count(), 1);
        await page.focus("[role=gridcell]");
        await page.keyboard.press("ArrowDown");
        assert.match(await page.textContent("#regime"), /Δz = 3, w = 0\.1/);
        assert.deepEqual(seen, []);
      },
      cut([3], [0.1]),
    );
    const ends = (sample) => {
      const run = cut([1, 3], [0.001, 0.1, 0.99])(sample);
      run.grid.w = [0, 0.1, 1];
      run.best_w = makeSample().best_w.slice(1, 3);
      return run;
    };
    await withSample(
      {},
      async (page, _, seen) => {
        assert.equal(await page.locator("[role=gridcell]").count(), 6);
        assert.equal(await page.locator("#best-w-figure .best-w circle").count(), 2);
        await slide(page, "slider-w", 2);
        assert.match(await page.textContent("#regime"), /w = 1/);
        assert.deepEqual(seen, []);
      },
      ends,
    );
  });

  test("the rule by which regimes are named is told when the run tells it", async () => {
    await withSample({ small: true }, async (page) => {
      assert.match(
        await page.textContent("#regime-rule"),
        /at least 5\u00a0% .* at least 20\u00a0% .* below 79\u00a0%/,
      );
    });
  });

  test("a cell without a score field says so", async () => {
    const change = (sample) => {
      delete sample.cells[0].field;
      return sample;
    };
    await withSample(
      {},
      async (page) => {
        await slide(page, "slider-dz", 0);
        await slide(page, "slider-w", 0);
        assert.match(await page.textContent("#field-words"), /no score field/);
        assert.equal(await page.locator("#field-net .arrows path").count(), 0);
      },
      change,
    );
  });

  test("the empty template and a run of another schema are named, not guessed at", async () => {
    const empty = await open(browser, templatePath());
    assert.match(await empty.page.textContent("[role=alert]"), /holds no run yet/);
    await empty.close();
    const other = await open(browser, writePage("other", { schema: "heddle.toy/2" }));
    assert.match(await other.page.textContent("[role=alert]"), /heddle\.toy\/2/);
    await other.close();
    const torn = await open(browser, writePage("torn", { schema: "heddle.toy/1", grid: {} }));
    assert.match(await torn.page.textContent("[role=alert]"), /lacks cells, data, target_only, options/);
    await torn.close();
  });
});

describe("data that means harm", () => {
  test("hostile strings are shown as they are and run nothing", async () => {
    await withSample({ hostile: true }, async (page, _, seen) => {
      await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
      await page.waitForTimeout(300);
      assert.equal(await page.evaluate(() => globalThis.pwned), undefined);
      assert.equal(await page.locator("main img, main script").count(), 0);
      assert.ok((await page.textContent("#findings")).includes(HOSTILE));
      assert.ok((await page.textContent("#provenance")).includes(HOSTILE));
      assert.deepEqual(seen, []);
    });
  });

  test("the page's policy stops a script that got into it all the same", async () => {
    const { page, close } = await open(browser, writePage("policy", makeSample({ small: true, bare: true })));
    const ran = await page.evaluate(() => {
      const script = document.createElement("script");
      try {
        script.textContent = "window.pwned = 1";
        document.body.append(script);
      } catch {
        // refused already when the text is set
      }
      const holder = document.createElement("div");
      try {
        holder.innerHTML = "<img src=x onerror='window.pwned = 1'>";
      } catch {
        return globalThis.pwned;
      }
      return "innerHTML was allowed";
    });
    assert.equal(ran, undefined);
    await close();
  });
});
