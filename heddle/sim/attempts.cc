#include "heddle/sim/attempts.h"

#include <cerrno>
#include <fstream>

#include "heddle/core/atomic_file.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/read_file.h"

namespace heddle::sim {
namespace {

using Json = nlohmann::ordered_json;

Json ToJson(const Attempt& attempt) {
  Json stages = Json::array();
  for (const StageSpan& span : attempt.stages) stages.push_back({span.stage, span.from_frame, span.to_frame});
  return {{"attempt", attempt.attempt},
          {"seed", attempt.seed},
          {"strategy", attempt.strategy},
          {"success_any", attempt.success_any},
          {"success_end", attempt.success_end},
          {"failure", attempt.failure},
          {"steps", attempt.steps},
          {"episode", attempt.episode ? Json(*attempt.episode) : Json(nullptr)},
          {"stages", stages}};
}

Attempt FromJson(const Json& json) {
  Attempt attempt{.attempt = json.at("attempt").get<int64_t>(),
                  .seed = json.at("seed").get<uint64_t>(),
                  .strategy = json.at("strategy").get<std::string>(),
                  .success_any = json.at("success_any").get<bool>(),
                  .success_end = json.at("success_end").get<bool>(),
                  .failure = json.at("failure").get<std::string>(),
                  .steps = json.at("steps").get<int64_t>(),
                  .episode = {},
                  .stages = {}};
  if (!json.at("episode").is_null()) attempt.episode = json.at("episode").get<int64_t>();
  for (const Json& span : json.at("stages")) {
    attempt.stages.push_back({.stage = span.at(0).get<std::string>(),
                              .from_frame = span.at(1).get<int64_t>(),
                              .to_frame = span.at(2).get<int64_t>()});
  }
  return attempt;
}

void RequireSamePlan(const Json& begun, const Json& asked, const std::string& place) {
  for (const auto& [key, value] : asked.items()) {
    const auto other = begun.find(key);
    if (other != begun.end() && *other == value) continue;
    ThrowUsage(
        "was begun with " + key + " " + (other == begun.end() ? "left out" : other->dump()) + ", not " + value.dump(),
        place, "give the same again to go on with it, or name another folder");
  }
}

// The file's whole lines.
std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t from = 0, end; (end = text.find('\n', from)) != std::string::npos; from = end + 1)
    lines.push_back(text.substr(from, end - from));
  return lines;
}

}  // namespace

Attempt Attempt::Of(int64_t number, const Demonstration& demo, std::optional<int64_t> episode) {
  return {.attempt = number,
          .seed = demo.seed,
          .strategy = demo.strategy,
          .success_any = demo.success_any,
          .success_end = demo.success_end,
          .failure = demo.failure,
          .steps = demo.steps,
          .episode = episode,
          .stages = episode ? demo.stages : std::vector<StageSpan>{}};
}

AttemptJournal::AttemptJournal(std::filesystem::path file, const Json& plan) : file_(std::move(file)) {
  if (!std::filesystem::exists(file_)) {
    std::filesystem::create_directories(file_.parent_path());
    WriteFileAtomically(file_, DumpJson(plan) + "\n");
    return;
  }
  const std::string text = ReadFile(file_);
  const std::vector<std::string> lines = LinesOf(text);
  std::string whole;
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string place = file_.string() + ":" + std::to_string(i + 1);
    const Json json = ParseJson(lines[i], place);
    try {
      if (i == 0) RequireSamePlan(json, plan, file_.parent_path().parent_path().parent_path().string());
      if (i > 0) attempts_.push_back(FromJson(json));
    } catch (const nlohmann::json::exception&) {
      ThrowInput("is no attempt of a recording", place, "remove the dataset and record it again");
    }
    whole += lines[i] + "\n";
  }
  if (lines.empty()) whole = DumpJson(plan) + "\n";
  if (whole != text) WriteFileAtomically(file_, whole);
}

void AttemptJournal::Add(const Attempt& attempt) {
  std::ofstream out(file_, std::ios::app | std::ios::binary);
  out << DumpJson(ToJson(attempt)) + "\n" << std::flush;
  if (!out) ThrowSystem("can't be written", file_.string(), errno);
  attempts_.push_back(attempt);
}

std::filesystem::path AttemptsFile(const std::filesystem::path& dataset) {
  return dataset / "meta" / "heddle" / "attempts.jsonl";
}

}  // namespace heddle::sim
