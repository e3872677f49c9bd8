// What the page's tests share: the page with data in it, and a real Chromium to open it in.

import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const MARKER = "__HEDDLE_DATA__";
const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

/** The browser to test in: HEDDLE_CHROMIUM, else chromium on PATH; undefined if there is none. */
export function findChromium() {
  const named = process.env.HEDDLE_CHROMIUM;
  if (named) return named;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.flatMap((folder) => ["chromium", "chromium-browser"].map((name) => join(folder, name))).find(existsSync);
}

export function launch() {
  return chromium.launch({ executablePath: findChromium(), args: FLAGS, chromiumSandbox: false });
}

export function templatePath() {
  return process.env.HEDDLE_TOY_TEMPLATE ?? fileURLToPath(new URL("../dist/toy.html", import.meta.url));
}

/** The template with the data in it, as `heddle toy` writes it. */
export function fill(template, data) {
  const parts = template.split(MARKER);
  if (parts.length !== 2) throw new Error(`the template has ${parts.length - 1} markers, expected one`);
  return parts.join(JSON.stringify(data).replaceAll("<", "\\u003c"));
}

export function writePage(name, data) {
  const path = join(mkdtempSync(join(tmpdir(), "heddle-page-")), `${name}.html`);
  writeFileSync(path, fill(readFileSync(templatePath(), "utf8"), data));
  return path;
}

/** The data of a page that was filled before. */
export function dataOf(path) {
  const found = readFileSync(path, "utf8").match(/<script type="application\/json" id="heddle-data">([\s\S]*?)<\/script>/);
  if (!found) throw new Error(`${path} has no data element`);
  return JSON.parse(found[1]);
}
