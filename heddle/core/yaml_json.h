// YAML files that hold what JSON can: for records that people read and may write.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace heddle {

// Usage error, with file and line, for what is not YAML, and for a key given twice.
nlohmann::ordered_json JsonFromYaml(std::string_view text, const std::string& file_name);

// In blocks, with lists of plain values on one line. JsonFromYaml gives the same back, numbers bit for bit.
std::string YamlFromJson(const nlohmann::ordered_json& json);

}  // namespace heddle
