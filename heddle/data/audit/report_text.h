// The report for people: one screen where all is well.
#pragma once

#include <string>

#include "heddle/data/audit/audit.h"

namespace heddle::data::audit {

struct TextStyle {
  bool colour = false;
  int64_t most_places = 3;   // shown of findings of one kind
  int64_t most_missing = 6;  // items of what is missing
};

std::string AuditText(const AuditReport& report, const TextStyle& style);

// docs/reference/audit.md: the table of findings, and what can be missing.
std::string AuditReferencePage();

}  // namespace heddle::data::audit
