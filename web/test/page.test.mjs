// The toy's page in a real Chromium: what is shown is checked against the data that was put into it.
//
//   HEDDLE_TOY_PAGE       a page that `heddle toy` wrote; without it a made-up run is put into the template
//   HEDDLE_TOY_TEMPLATE   the built template (default: dist/toy.html)
//   HEDDLE_CHROMIUM       the browser (default: chromium on PATH)
//   HEDDLE_SHOT           a PNG to write: the page as it opens, 1280 pixels wide

import { test } from "node:test";
import { findChromium } from "./browser.mjs";

if (findChromium()) {
  await import("./page/explorer.mjs");
  await import("./page/map.mjs");
  await import("./page/sections.mjs");
  await import("./page/conduct.mjs");
  await import("./page/gaps.mjs");
} else if (process.env.CI === "true") {
  test("a browser is there", () => {
    throw new Error("no Chromium on PATH: apt-get install chromium, or set HEDDLE_CHROMIUM");
  });
} else {
  test("the page in a browser", { skip: "HEDDLE_SKIP: no Chromium on PATH (apt-get install chromium)" }, () => {});
}
