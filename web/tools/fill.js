// Puts a run into the built page, as `heddle toy` does: node tools/fill.js toy.json PAGE.html [TEMPLATE.html]

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { DATA_MARKER } from "./one_file.js";

export const TEMPLATE = fileURLToPath(new URL("../dist/toy.html", import.meta.url));

/** `<` is escaped so that no text of the data can end its element. */
export function fill(template, data) {
  const parts = template.split(DATA_MARKER);
  if (parts.length !== 2) throw new Error(`the template has ${parts.length - 1} markers, expected one`);
  return parts.join(JSON.stringify(data).replaceAll("<", "\\u003c"));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [data, page, template = TEMPLATE] = process.argv.slice(2);
  writeFileSync(page, fill(readFileSync(template, "utf8"), JSON.parse(readFileSync(data, "utf8"))));
}
