#include "heddle/data/audit/check.h"
#include "heddle/data/audit/missing.h"
#include "heddle/data/audit/report_text.h"

namespace heddle::data::audit {
namespace {

// A cell of a Markdown table.
std::string Cell(std::string text) {
  for (size_t at = text.find("{dataset}"); at != std::string::npos; at = text.find("{dataset}")) {
    text.replace(at, 9, "DATASET");
  }
  if (const size_t at = text.find("{force}"); at != std::string::npos) text.replace(at, 7, "FEATURE");
  for (size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) text.replace(at, 1, "\\|");
  return text;
}

}  // namespace

std::string AuditReferencePage() {
  std::string page =
      "# What an audit finds\n\n"
      "Written from the code's own table; a test holds the two together. `error`: "
      "training on it fails, or learns what is not there. `warning`: training works, and the policy pays for it. "
      "`note`: worth knowing. `heddle data audit` exits with 3 if there is an error.\n\n"
      "| code | severity | what | what it does to training | mend |\n| --- | --- | --- | --- | --- |\n";
  for (const FindingKind& kind : AllFindingKinds()) {
    page += "| `" + kind.code + "` | " + SeverityName(kind.severity) + " | " + Cell(kind.title) + " | " +
            Cell(kind.effect) + " | " + Cell(kind.mend) + " |\n";
  }
  page +=
      "\n## What a corpus can be missing\n\nRanked: what would help most comes first.\n\n"
      "| code | missing | why it matters | what adds it |\n| --- | --- | --- | --- |\n";
  for (const MissingItem& item : AllMissingItems()) {
    page += "| `" + item.code + "` | " + Cell(item.what) + " | " + Cell(item.why) + " | " + Cell(item.command) + " |\n";
  }
  return page;
}

}  // namespace heddle::data::audit
