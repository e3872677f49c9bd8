// What a review of a mixture sheet finds.
#pragma once

#include <string>

namespace heddle::mixture {

enum class FindingLevel {
  kRefused,  // training refuses the sheet
  kWarning,  // training works, and the policy or its user may pay for it
  kNote,     // worth knowing
};
const char* FindingLevelName(FindingLevel level);  // "refused", "warning", "note"

struct SheetFinding {
  std::string code;  // docs/reference/mixture.md lists them
  FindingLevel level = FindingLevel::kNote;
  std::string place;  // "mixture.yaml:12"
  std::string what;   // a sentence without a full stop
  std::string mend;   // may be empty
};

}  // namespace heddle::mixture
