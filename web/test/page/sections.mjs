// The sections below the explorer: every figure's marks and table against the data.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { near, numbersIn, open } from "../browser.mjs";
import { browser, data, path, slide, tableRows } from "./shared.mjs";

const sameNumbers = (text, values, digits = 3) => {
  const shown = numbersIn(text);
  assert.equal(shown.length, values.length, text);
  values.forEach((value, k) =>
    assert.ok(
      near(shown[k], value, digits) || Math.abs(shown[k] - value) < 1e-12,
      `${text}: ${shown[k]} against ${value}`,
    ),
  );
};

describe("the sections", () => {
  let view;
  before(async () => {
    view = await open(browser, path, { height: 9000 });
  });
  after(() => view.close());
  const count = (selector) => view.page.locator(selector).count();

  test("the analysis of variance shows every measure as it is in the data", { skip: !data.anova }, async () => {
    for (const anova of data.anova) {
      await view.page.selectOption("#anova-measure", anova.measure);
      const rows = await tableRows(view.page, "anova-figure");
      assert.equal(rows.length, anova.effects.length);
      anova.effects.forEach((effect, k) => {
        assert.equal(rows[k][1], effect.share.toFixed(3));
        if (effect.low === undefined) assert.equal(rows[k][2], "–");
        else assert.equal(rows[k][2], `${effect.low.toFixed(3)} to ${effect.high.toFixed(3)}`);
        const published = data.paper?.anova[effect.name];
        assert.equal(rows[k][4], published === undefined ? "–" : published.toFixed(2));
        assert.equal(rows[k][5], String(effect.df));
        const meaned = anova.seeds > 1 ? anova.of_means?.[effect.name] : undefined;
        assert.equal(rows[k][3], meaned === undefined ? "–" : meaned.toFixed(3));
        if (effect.f === undefined) assert.equal(rows[k][6], "–");
        else assert.ok(near(numbersIn(rows[k][6])[0], effect.f));
      });
      const interaction = anova.effects.find(({ name }) => name === "interaction");
      const told = await view.page.textContent("#anova-words");
      if (interaction.p === undefined) assert.match(told, /one seed/);
      else assert.match(told, interaction.p < 0.01 ? /is more than the scatter/ : /is not told apart from the scatter/);
      const widths = await view.page.$$eval("#anova-figure .shares rect", (bars) =>
        bars.map((bar) => Number(bar.getAttribute("width"))),
      );
      const most = anova.effects.reduce((a, b) => Math.max(a, b.share), 0);
      anova.effects.forEach((effect, k) =>
        assert.ok(
          Math.abs(widths[k] / Math.max(...widths) - effect.share / most) < 0.01,
          "a bar is as long as its share",
        ),
      );
      assert.equal(await count("#anova-figure .paper-shares > *"), data.paper ? 3 : 0);
    }
  });

  test("every finding stands there with its verdict", { skip: !data.findings }, async () => {
    const shown = await view.page.$$eval(".finding", (items) =>
      items.map((item) => ({ holds: item.dataset.holds, text: item.textContent })),
    );
    assert.equal(shown.length, data.findings.length);
    data.findings.forEach((finding, k) => {
      assert.equal(shown[k].holds, String(finding.holds));
      assert.ok(shown[k].text.includes(finding.holds ? "✓ holds" : "✗ does not hold"));
      for (const part of [finding.claim, finding.expected, finding.found, finding.note ?? ""])
        assert.ok(shown[k].text.includes(part));
    });
    const held = data.findings.filter(({ holds }) => holds).length;
    assert.deepEqual(numbersIn(await view.page.textContent("#findings .intro")), [held, data.findings.length]);
  });

  test("the best w of every row is shown with its factor", { skip: !data.best_w?.length }, async () => {
    const rows = await tableRows(view.page, "best-w-figure");
    data.best_w.forEach((row, k) => {
      sameNumbers(rows[k][0], [row.delta_z]);
      sameNumbers(rows[k][1], [row.w]);
      sameNumbers(rows[k][3], [row.ood]);
      sameNumbers(rows[k][4], [row.target_only_ood]);
      sameNumbers(rows[k][5], [row.factor]);
    });
    assert.equal(await count("#best-w-figure .best-w circle"), data.best_w.length);
  });

  test(
    "the score field has an arrow for every point of both fields, at every level of every input",
    { skip: !data.field_axes },
    async () => {
      const cell = data.cells.find(({ field }) => field);
      await slide(view.page, "slider-dz", cell.i);
      await slide(view.page, "slider-w", cell.j);
      const dot = (p, q) => p.reduce((sum, x, k) => sum + x * q[k], 0);
      for (const [p, point] of cell.field.points.entries()) {
        await view.page.selectOption("#field-point", String(p));
        for (const [l, level] of point.levels.entries()) {
          await slide(view.page, "slider-signal", l);
          for (const key of ["net", "optimum"])
            assert.equal(await count(`#field-${key} .arrows path`), level[key].length / 2);
          const cosine =
            dot(level.net, level.optimum) / Math.sqrt(dot(level.net, level.net) * dot(level.optimum, level.optimum));
          const words = await view.page.textContent("#field-words");
          assert.ok(words.includes(`cosine of ${cosine.toFixed(2)}`), words);
          assert.ok(near(numbersIn(words)[2], level.signal, 2), words);
          assert.equal(
            await view.page.$eval("#field-net svg", (svg) =>
              svg.getAttribute("aria-label").includes("what the net learned"),
            ),
            true,
          );
        }
      }
      const rows = await tableRows(view.page, "field");
      assert.equal(rows.length, data.field_axes.u.length * data.field_axes.v.length);
    },
  );

  test("arrows point where the score points", { skip: !data.field_axes }, async () => {
    const level = data.cells
      .find(({ field }) => field)
      .field.points.at(-1)
      .levels.at(-1);
    const drawn = await view.page.$$eval("#field-net .arrows path", (arrows) =>
      arrows.map((arrow) =>
        arrow
          .getAttribute("d")
          .match(/-?[\d.]+/g)
          .slice(0, 4)
          .map(Number),
      ),
    );
    let strong = 0;
    drawn.forEach(([x1, y1, x2, y2], k) => {
      const [u, v] = [level.net[2 * k], level.net[2 * k + 1]];
      if (Math.hypot(u, v) < 20) return;
      ++strong;
      const cosine = (u * (x2 - x1) - v * (y2 - y1)) / (Math.hypot(u, v) * Math.hypot(x2 - x1, y2 - y1));
      assert.ok(cosine > 0.99, `arrow ${k}: cosine ${cosine}`);
    });
    assert.ok(strong > 5);
  });

  test("overlap, weights and the net against the optimum: a curve each, and their numbers", async () => {
    const curves = [
      ["overlap", data.overlap?.signal, data.overlap?.curves.map(({ values }) => values)],
      ["weights", data.weights?.signal, data.weights?.rows.map(({ target_share }) => target_share)],
      ["net-vs-optimum", data.net_vs_optimum?.signal, data.net_vs_optimum?.regimes.map(({ error }) => error)],
    ].filter(([, signal]) => signal);
    for (const [id, signal, values] of curves) {
      assert.equal(await count(`#${id} .curve path`), values.length, id);
      const rows = await tableRows(view.page, id);
      assert.equal(rows.length, signal.length);
      rows.forEach((row, k) =>
        values.forEach((curve, c) =>
          assert.ok(
            near(numbersIn(row[c + 1])[0], curve[k]) || curve[k] === 0,
            `${id}: ${row[c + 1]} against ${curve[k]}`,
          ),
        ),
      );
    }
  });

  test("the check of the theory says whether it was passed", { skip: !data.net_vs_optimum }, async () => {
    const { signal, regimes } = data.net_vs_optimum;
    const worst = Math.max(...regimes.flatMap(({ error }) => error.filter((_, k) => signal[k] <= 0.5)));
    const words = await view.page.textContent("#net-vs-optimum figcaption");
    assert.ok(near(numbersIn(words)[1], worst), words);
    assert.match(words, worst <= 0.05 ? /within the 0\.05/ : /beyond the 0\.05/);
  });

  test("one detail at a time: a mark for each share, and what moves it most", { skip: !data.sensitivity }, async () => {
    const { baseline, variants, moves_most } = data.sensitivity;
    const rows = await tableRows(view.page, "sensitivity-figure");
    const all = [...(baseline.shares ? [baseline] : []), ...variants];
    assert.equal(rows.length, all.length);
    all.forEach(({ shares }, k) =>
      ["delta_z", "w", "interaction"].forEach((key, c) =>
        assert.equal(numbersIn(rows[k][c + 2])[0], Number(shares[key].toFixed(2))),
      ),
    );
    assert.equal(await count("#sensitivity-figure .variant-shares > *"), 3 * all.length);
    assert.ok((await view.page.textContent("#sensitivity-words")).includes(moves_most));
  });

  test("the guideline on the paper's table", { skip: !data.guideline }, async () => {
    const rows = await tableRows(view.page, "guideline-figure");
    data.guideline.settings.forEach((setting, k) => {
      sameNumbers(rows[k][1], [setting.w_n, setting.w_q]);
      sameNumbers(rows[k][2], [setting.best_w]);
      assert.deepEqual(rows[k].slice(5), [setting.best_inside.toFixed(3), setting.regret.toFixed(3)]);
    });
    for (const mark of ["best-overall", "best-inside"])
      assert.equal(await count(`#guideline-figure .${mark} > *`), data.guideline.settings.length);
    const worst = Math.max(...data.guideline.settings.map(({ regret }) => regret));
    assert.ok((await view.page.textContent("#guideline-figure figcaption")).includes(`at most ${worst} of`));
  });

  test("says where the numbers come from", async () => {
    const text = await view.page.textContent("#provenance");
    assert.ok(text.includes(data.version) && text.includes(data.options_hash.slice(0, 12)));
    const rows = await tableRows(view.page, "provenance");
    const flat = (value, name = "") =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.entries(value).flatMap(([key, inner]) => flat(inner, name ? `${name}.${key}` : key))
        : [name];
    assert.deepEqual(
      rows.map(([name]) => name),
      flat(data.options),
    );
  });
});
