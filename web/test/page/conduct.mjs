// How the page behaves whatever it shows: alone, quick, in both themes, on a phone, by keyboard, for everybody.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { open, templatePath } from "../browser.mjs";
import { browser, data, path, slide } from "./shared.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Opens every table; `but` leaves the long ones shut: axe takes half a minute to find in them what a short one shows. */
async function openAllDetails(page, but = "nothing") {
  await page.evaluate(
    (left) => document.querySelectorAll("details").forEach((details) => (details.open = !details.closest(left))),
    but,
  );
  await page.waitForTimeout(300);
}

async function violations(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map(({ html, failureSummary }) => `${html} ${failureSummary}`)
          .join(" | ")}`,
    );
}

describe("the page stands alone", () => {
  test("the template is small, has one place for its data, and lets nothing in", () => {
    const template = readFileSync(templatePath(), "utf8");
    assert.ok(template.length <= 600 * 1024, `${template.length} bytes`);
    assert.equal(template.split("__HEDDLE_DATA__").length, 2);
    const policy = template.match(/http-equiv="Content-Security-Policy" content="([^"]*)"/)[1];
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'sha256-[^']+'(;|$)/);
    assert.deepEqual(template.match(/<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)="(?!data:)[^"]*"/g), null);
  });

  test("the page with its data is at most 5 MB", () => {
    assert.ok(statSync(path).size <= 5e6, `${statSync(path).size} bytes`);
  });

  test("nothing is asked of the network, nothing is said on the console, whatever is moved", async () => {
    const { page, seen, close } = await open(browser, path, { height: 9000 });
    for (const id of await page.$$eval("input[type=range]", (inputs) => inputs.map((input) => input.id))) {
      const last = await page.$eval(`#${id}`, (input) => Number(input.max));
      for (const at of [0, last, last >> 1]) await slide(page, id, at);
    }
    for (const id of await page.$$eval("select", (selects) => selects.map((select) => select.id).reverse())) {
      for (const value of await page.$$eval(`#${id} option`, (options) => options.map((option) => option.value)))
        await page.selectOption(`#${id}`, value);
    }
    await openAllDetails(page);
    await page.click(".theme");
    assert.deepEqual(seen, []);
    await close();
  });
});

describe("the page is quick", () => {
  test("first paint within a second, and a slider's move within 50 ms", async () => {
    const { page, close } = await open(browser, path);
    const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
    assert.ok(paint < 1000, `first paint after ${paint} ms`);
    await page.waitForTimeout(300);
    const medians = await page.evaluate(async () => {
      const input = document.getElementById("slider-dz");
      const round = async (offset) => {
        const times = [];
        for (let k = 0; k < 9; ++k) {
          input.value = String((4 * k + offset) % (Number(input.max) + 1));
          const start = performance.now();
          input.dispatchEvent(new Event("input", { bubbles: true }));
          document.body.getBoundingClientRect(); // lays out what the move changed
          times.push(performance.now() - start);
          await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        }
        return times.sort((a, b) => a - b)[4];
      };
      return [await round(0), await round(1), await round(2)];
    });
    console.log(
      `first paint ${paint.toFixed(0)} ms, a slider's move ` +
        `${medians.map((x) => x.toFixed(0)).join(" / ")} ms (medians)`,
    );
    assert.ok(Math.min(...medians) < 50, `a move takes ${medians.join(", ")} ms`);
    await close();
  });
});

describe("the page is for everybody", () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1280, 360]) {
      test(`axe has no serious finding: ${colorScheme}, ${width} pixels`, async () => {
        const { page, close } = await open(browser, path, { width, colorScheme });
        await openAllDetails(page, "#outputs, #field");
        assert.equal(await page.getAttribute("html", "data-theme"), colorScheme);
        assert.deepEqual(await violations(page), []);
        await page.selectOption("#map-shown", "regime");
        await page.waitForTimeout(200);
        assert.deepEqual(await violations(page), []);
        await close();
      });
    }
  }

  test("the button changes the theme, and the choice lasts", async () => {
    const { page, close } = await open(browser, path, { colorScheme: "light" });
    const background = () => page.$eval("body", (body) => getComputedStyle(body).backgroundColor);
    const light = await background();
    await page.click(".theme");
    assert.notEqual(await background(), light);
    await page.reload();
    await page.waitForFunction(() => document.documentElement.dataset.ready === "true");
    assert.equal(await page.getAttribute("html", "data-theme"), "dark");
    await close();
  });

  test("on a phone nothing is wider than the screen, even with all tables open", async () => {
    const { page, close } = await open(browser, path, { width: 360, height: 740 });
    const widest = () =>
      page.evaluate(() => [document.documentElement.scrollWidth, document.body.scrollWidth, innerWidth]);
    assert.deepEqual(await widest(), [360, 360, 360]);
    await openAllDetails(page);
    assert.deepEqual(await widest(), [360, 360, 360]);
    const short = await page.$$eval("button, select, input[type=range], summary, [role=gridcell]", (all) =>
      all
        .filter((element) => element.getBoundingClientRect().height < 24)
        .map((element) => element.outerHTML.slice(0, 80)),
    );
    assert.deepEqual(short, [], "what is pressed is at least 24 pixels high");
    await close();
  });

  test("the tab key reaches everything that can be worked, and shows where it is", async () => {
    const { page, close } = await open(browser, path);
    const wanted = await page.$$eval("a[href], button, select, summary, input, [tabindex='0']", (all) => {
      const visible = all.filter((element) => element.checkVisibility());
      for (const element of visible) element.dataset.wanted = "yes";
      return visible.length;
    });
    assert.ok(wanted > 20);
    for (let k = 0; k < 2 * wanted; ++k) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(() => {
        const { activeElement: element } = document;
        if (element === document.body) return undefined;
        delete element.dataset.wanted;
        return { name: element.outerHTML.slice(0, 60), outline: getComputedStyle(element).outlineStyle };
      });
      if (!at) break;
      assert.notEqual(at.outline, "none", at.name);
    }
    assert.deepEqual(
      await page.$$eval("[data-wanted]", (left) => left.map((element) => element.outerHTML.slice(0, 80))),
      [],
    );
    await close();
  });

  test("with reduced motion nothing moves by itself", async () => {
    const { page, close } = await open(browser, path, { reducedMotion: "reduce" });
    const moving = await page.$$eval(
      "*",
      (all) =>
        all.filter(
          (element) =>
            getComputedStyle(element).transitionDuration !== "0s" || getComputedStyle(element).animationName !== "none",
        ).length,
    );
    assert.equal(moving, 0);
    await close();
  });

  test("every chart is an image with words, and every slider and choice has its label", async () => {
    const { page, close } = await open(browser, path, { height: 9000 });
    const charts = await page.$$eval(".chart > svg", (all) =>
      all.map((svg) => [svg.getAttribute("role"), svg.getAttribute("aria-label").length > 20]),
    );
    assert.ok(charts.length >= 4);
    for (const chart of charts) assert.deepEqual(chart, ["img", true]);
    const unnamed = await page.$$eval(
      "input, select",
      (all) => all.filter((element) => !element.labels?.length).length,
    );
    assert.equal(unnamed, 0);
    await close();
  });

  test("a picture of the page as it opens", { skip: !process.env.HEDDLE_SHOT }, async () => {
    const { page, close } = await open(browser, path, { height: 1340, colorScheme: "light" });
    await page.waitForTimeout(300);
    await page.screenshot({ path: process.env.HEDDLE_SHOT });
    await close();
    assert.ok(data.cells.length > 0);
  });
});
