// The journal of a recording: meta/heddle/attempts.jsonl. Its first line is the plan, each further one an attempt.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "heddle/sim/demonstration.h"

namespace heddle::sim {

struct Attempt {
  int64_t attempt = 0;
  uint64_t seed = 0;
  std::string strategy;
  bool success_any = false, success_end = false;
  std::string failure;
  int64_t steps = 0;
  std::optional<int64_t> episode;  // that it became
  std::vector<StageSpan> stages;   // of those that became one

  static Attempt Of(int64_t number, const Demonstration& demo, std::optional<int64_t> episode);
};

class AttemptJournal {
 public:
  // Begins a journal, or goes on with one: takes a torn last line off. Usage error, naming the field, if it is of
  // another plan; kInput, with line, if it is damaged.
  AttemptJournal(std::filesystem::path file, const nlohmann::ordered_json& plan);

  const std::vector<Attempt>& attempts() const { return attempts_; }
  // Appends a line and flushes it to the system.
  void Add(const Attempt& attempt);

 private:
  std::filesystem::path file_;
  std::vector<Attempt> attempts_;
};

std::filesystem::path AttemptsFile(const std::filesystem::path& dataset);

}  // namespace heddle::sim
