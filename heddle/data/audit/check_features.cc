// Columns of the data files against the features that meta/info.json declares.
#include <algorithm>
#include <map>

#include "heddle/data/audit/check.h"
#include "heddle/data/audit/check_entries.h"
#include "heddle/data/audit/wording.h"

namespace heddle::data::audit {
namespace {

class Features : public Check {
 public:
  void Begin(const DatasetFacts& facts, Findings& findings) override {
    std::map<std::string, std::vector<std::string>> missing, undeclared;  // column -> files
    for (const auto& file : facts.data_files) {
      if (!file.exists || file.error) continue;
      for (const Feature& feature : facts.info.features) {
        const bool there = std::count(file.columns.begin(), file.columns.end(), feature.name) > 0;
        if (feature.is_column() && !there) missing[feature.name].push_back(file.file);
      }
      for (const std::string& column : file.columns) {
        if (!facts.info.Find(column)) undeclared[column].push_back(file.file);
      }
    }
    for (const auto& [name, files] : missing) {
      findings.Add("column-missing", {.episode = {}, .frame = {}, .feature = name},
                   name + " is declared, and " + Count(static_cast<int64_t>(files.size()), "data file") + " (" +
                       files[0] + " ...) lacks the column",
                   {{"files", files.size()}});
    }
    for (const auto& [name, files] : undeclared) {
      findings.Add("column-undeclared", {.episode = {}, .frame = {}, .feature = name},
                   "the column " + name + " of " + files[0] + " is not declared in meta/info.json",
                   {{"files", files.size()}});
    }
  }
};

}  // namespace

CheckEntry FeaturesCheck() {
  return {"features",
          {{"column-missing", Severity::kError, "declared features without a column", "training stops",
            "take the feature out of meta/info.json, or copy the dataset again, whole"},
           {"column-undeclared", Severity::kWarning, "columns that are not declared",
            "Heddle does not read them; LeRobot refuses to open the dataset",
            "declare the column under features in meta/info.json"}},
          [] { return std::make_unique<Features>(); }};
}

}  // namespace heddle::data::audit
