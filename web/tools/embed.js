// Writes a C++ source that holds a built page as a string: node tools/embed.js PAGE.html OUT.cc FunctionName header.h

import { readFileSync, writeFileSync } from "node:fs";

const [page, out, functionName, header] = process.argv.slice(2);
const text = readFileSync(page, "utf8");
const delimiter = "heddle_page";
if (text.includes(`)${delimiter}"`) || text.includes("\r") || text.includes("\0")) {
  throw new Error(`${page} cannot stand in a raw string literal`);
}
writeFileSync(
  out,
  `#include "${header}"

namespace heddle::web {

std::string_view ${functionName}() {
  // With its length given: counting it at compile time exceeds what compilers allow.
  static constexpr char kPage[] = R"${delimiter}(${text})${delimiter}";
  return {kPage, sizeof(kPage) - 1};
}

}  // namespace heddle::web
`,
);
