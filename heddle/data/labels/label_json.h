// Labels and findings as JSON, for --json. A label has the keys of a row that is read
// (heddle/data/labels/label_rows.h), so that what is listed can be added again.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "heddle/data/labels/label_rules.h"

namespace heddle::data {

// {"episode", "from_frame", "to_frame", "level", "key", "value", "by", "when"}; without what the level does not have.
nlohmann::ordered_json ToJson(const Label& label);
// {"fault", "episode", "from_frame", "to_frame", "key", "what", "num_episodes"}; the dataset's episode is null.
nlohmann::ordered_json ToJson(const LabelFinding& finding);

}  // namespace heddle::data
