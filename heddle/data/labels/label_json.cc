#include "heddle/data/labels/label_json.h"

#include <nlohmann/json.hpp>

namespace heddle::data {

using Json = nlohmann::ordered_json;

Json ToJson(const Label& label) {
  Json json = Json::object();
  if (label.level != LabelLevel::kDataset) json["episode"] = label.episode;
  if (label.level != LabelLevel::kDataset && label.level != LabelLevel::kEpisode) {
    json["from_frame"] = label.from_frame;
    json["to_frame"] = label.to_frame;
  }
  json["level"] = LevelName(label.level);
  json["key"] = label.key;
  json["value"] = label.value;
  json["by"] = label.by;
  json["when"] = label.when;
  return json;
}

Json ToJson(const LabelFinding& finding) {
  return {{"fault", FaultName(finding.fault)},
          {"episode", finding.episode < 0 ? Json(nullptr) : Json(finding.episode)},
          {"from_frame", finding.from_frame},
          {"to_frame", finding.to_frame},
          {"key", finding.key},
          {"what", finding.what},
          {"num_episodes", finding.num_episodes}};
}

}  // namespace heddle::data
