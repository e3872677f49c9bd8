// A Vite plugin that turns the built page into one file that stands alone: script and styles are put inside it, and its
// content-security policy then names that one script by its hash, so that no other can ever run in it.

import { createHash } from "node:crypto";

const POLICY = "__CONTENT_SECURITY_POLICY__";
export const DATA_MARKER = "__HEDDLE_DATA__";
const MOST_BYTES = 600 * 1024;

function policyFor(script) {
  const hash = createHash("sha256").update(script).digest("base64");
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "style-src 'unsafe-inline'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

// Inside a script element the parser looks for these, wherever in the script they stand.
function fitForInlining(script) {
  return script.trim().replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
}

function replaceOnce(html, what, by) {
  if (html.split(what).length !== 2) throw new Error(`one_file: expected exactly one ${what} in the page`);
  return html.replace(what, () => by);
}

function tagFor(html, pattern, fileName) {
  const found = [...html.matchAll(pattern)].filter(([tag]) => tag.includes(fileName));
  if (found.length !== 1) throw new Error(`one_file: expected one tag for ${fileName}, found ${found.length}`);
  return found[0][0];
}

function withoutComments(html) {
  return html.replace(/<!--[\s\S]*?-->\s*/g, "");
}

export function oneFile() {
  return {
    name: "heddle-one-file",
    enforce: "post",
    generateBundle(_, bundle) {
      const files = Object.values(bundle);
      const page = files.find((file) => file.fileName.endsWith(".html"));
      const scripts = files.filter((file) => file.type === "chunk");
      const styles = files.filter((file) => file.fileName.endsWith(".css"));
      if (scripts.length !== 1 || files.length !== 2 + styles.length) {
        throw new Error(
          `one_file: the page is to have one script and styles, got ${files.map((f) => f.fileName).join(", ")}`,
        );
      }
      let html = withoutComments(String(page.source));
      for (const style of styles) {
        const tag = tagFor(html, /<link\b[^>]*>/g, style.fileName);
        html = replaceOnce(html, tag, `<style>${String(style.source).trim()}</style>`);
      }
      const script = fitForInlining(scripts[0].code);
      const tag = tagFor(html, /<script\b[^>]*><\/script>/g, scripts[0].fileName);
      html = replaceOnce(html, tag, "");
      html = replaceOnce(html, "</body>", `<script type="module">${script}</script></body>`);
      html = replaceOnce(html, POLICY, policyFor(script));
      replaceOnce(html, DATA_MARKER, DATA_MARKER);
      const bytes = Buffer.byteLength(html);
      if (bytes > MOST_BYTES) throw new Error(`one_file: ${page.fileName} has ${bytes} bytes, more than ${MOST_BYTES}`);
      for (const file of [...scripts, ...styles]) delete bundle[file.fileName];
      page.source = html;
    },
  };
}
