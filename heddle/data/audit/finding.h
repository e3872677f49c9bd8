// What an audit says: findings, each of a kind that stands in a table with its effect on training and its mend.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace heddle::data::audit {

enum class Severity {
  kError,    // training on it fails, or learns what is not there
  kWarning,  // training on it works, and the policy pays for it
  kNote,     // worth knowing
};

const char* SeverityName(Severity severity);  // "error", "warning", "note"

// One row of the table of findings (docs/reference/audit.md). Texts are sentences without a full stop; in `mend`
// "{dataset}" stands for the dataset as it was named.
struct FindingKind {
  std::string code;  // kebab-case; never changes its meaning
  Severity severity = Severity::kWarning;
  std::string title;   // a few words: the heading of many findings of one kind
  std::string effect;  // what it does to training
  std::string mend;    // what to do about it, with the command where there is one
};

// Where it was found; what does not apply is left empty.
struct Place {
  std::optional<int64_t> episode, frame;
  std::string feature;  // a feature or a file
};

struct Finding {
  std::string code;
  Severity severity = Severity::kWarning;
  std::string dataset;  // as it was named; several are joined by ", "
  Place place;
  std::string what, effect, mend;
  nlohmann::ordered_json evidence = nlohmann::ordered_json::object();  // numbers by name
};

// Takes findings in, bounded: of each code the first kMostKept are kept whole and all are counted.
class Findings {
 public:
  static constexpr int64_t kMostKept = 1000;

  // `kinds`: those that may be added (kBug for another code).
  Findings(std::string dataset, const std::vector<FindingKind>& kinds);

  void Add(const std::string& code, Place place, std::string what,
           nlohmann::ordered_json evidence = nlohmann::ordered_json::object());
  // Takes over what another collector has.
  void Append(const Findings& other);

  // By severity, then in the order of the table of kinds, then as they were added.
  std::vector<Finding> Sorted() const;
  int64_t Count(const std::string& code) const;  // all, with those that were not kept
  int64_t Count(Severity severity) const;
  const std::map<std::string, int64_t>& counts() const { return counts_; }

 private:
  std::string dataset_;
  std::map<std::string, FindingKind> kinds_;
  std::map<std::string, size_t> order_;
  std::map<std::string, std::vector<Finding>> kept_;
  std::map<std::string, int64_t> counts_;
};

}  // namespace heddle::data::audit
