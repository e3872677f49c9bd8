// The report as JSON: docs/reference/audit-json.md has its keys.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "heddle/data/audit/audit.h"

namespace heddle::data::audit {

nlohmann::ordered_json ToJson(const AuditReport& report);

}  // namespace heddle::data::audit
