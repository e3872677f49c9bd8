// What the page's tests share: the page with data in it, a real Chromium to open it in, and a page that watches itself.

import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { fill, TEMPLATE } from "../tools/fill.js";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The browser to test in: HEDDLE_CHROMIUM, else chromium on PATH; undefined if there is none. */
export function findChromium() {
  const named = process.env.HEDDLE_CHROMIUM;
  if (named) return named;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders
    .flatMap((folder) => ["chromium", "chromium-browser"].map((name) => join(folder, name)))
    .find(existsSync);
}

export function launch() {
  return chromium.launch({ executablePath: findChromium(), args: FLAGS, chromiumSandbox: false });
}

export function templatePath() {
  return process.env.HEDDLE_TOY_TEMPLATE ?? TEMPLATE;
}

export function writePage(name, data) {
  const path = join(mkdtempSync(join(tmpdir(), "heddle-page-")), `${name}.html`);
  writeFileSync(path, fill(readFileSync(templatePath(), "utf8"), data));
  return path;
}

/** The data of a page that was filled before. */
export function dataOf(path) {
  const found = readFileSync(path, "utf8").match(
    /<script type="application\/json" id="heddle-data">([\s\S]*?)<\/script>/,
  );
  if (!found) throw new Error(`${path} has no data element`);
  return JSON.parse(found[1]);
}

/**
 * Opens a page of the disk and waits until all of it is drawn. `seen` gathers what a sound page has none of: console
 * messages, errors, requests beyond the file itself.
 */
export async function open(browser, path, { width = 1280, height = 800, hash = "", ...options } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, ...options });
  const page = await context.newPage();
  const seen = [];
  page.on("console", (message) => seen.push(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => seen.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== pathToFileURL(path).href && !request.url().startsWith("data:"))
      seen.push(`request: ${request.url()}`);
  });
  await page.goto(pathToFileURL(path).href + hash);
  await page.waitForFunction(() => document.documentElement.dataset.ready === "true");
  return { page, seen, close: () => context.close() };
}

/** The numbers of a text, as a reader sees them: ".079", "−3.1", "1.2k", "8 %". */
export function numbersIn(text) {
  const found = text.replaceAll("\u2212", "-").match(/-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?k?/g) ?? [];
  return found.map((part) => (part.endsWith("k") ? 1000 * Number(part.slice(0, -1)) : Number(part)));
}

/** Whether a shown number is `value` rounded to `digits` significant digits. */
export function near(shown, value, digits = 3) {
  return (
    Math.abs(shown - value) <= 0.5001 * 10 ** (Math.floor(Math.log10(Math.abs(value))) - digits + 1) || shown === value
  );
}

export function geometricMean(values) {
  return Math.exp(values.reduce((sum, x) => sum + Math.log(x), 0) / values.length);
}
