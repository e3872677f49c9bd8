#include "heddle/data/audit/opening.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "heddle/core/json.h"
#include "heddle/core/read_file.h"
#include "heddle/data/audit/wording.h"
#include "heddle/data/lerobot/info.h"
#include "heddle/data/lerobot/parquet_file.h"
#include "heddle/data/seal_guard.h"

namespace heddle::data::audit {
namespace {

std::vector<std::filesystem::path> EpisodeFiles(const std::filesystem::path& root) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  std::filesystem::recursive_directory_iterator walk(root / "meta/episodes", error), end;
  for (; !error && walk != end; walk.increment(error)) {
    if (walk->path().extension() == ".parquet") files.push_back(walk->path());
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) {
    return std::pair(a.native().size(), a.native()) < std::pair(b.native().size(), b.native());
  });
  return files;
}

// A column of the episode table, whatever the version.
std::vector<int64_t> EpisodeColumn(const std::filesystem::path& root, FormatVersion version, const std::string& name) {
  std::vector<int64_t> column;
  if (version == FormatVersion::kV30) {
    for (const auto& path : EpisodeFiles(root)) {
      ParquetFile file(path, path.string());
      const auto numbers = file.ReadNumbers(name, contract::DType::kI64, {}, file.all_rows());
      const auto values = numbers.Values<int64_t>();
      column.insert(column.end(), values.begin(), values.end());
    }
    return column;
  }
  const auto path = root / "meta/episodes.jsonl";
  std::istringstream lines(ReadFile(path));
  for (std::string line; std::getline(lines, line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const auto json = ParseJson(line, path.string());
    column.push_back(json.is_object() ? json.value(name, int64_t{-1}) : -1);
  }
  return column;
}

// Lengths of the episodes that are counted against the frames that are.
void ExplainLengths(const std::vector<int64_t>& lengths, const DatasetInfo& info, Findings& findings) {
  int64_t frames = 0;
  for (size_t i = 0; i < lengths.size() && static_cast<int64_t>(i) < info.total_episodes; ++i) {
    if (lengths[i] < 0 || lengths[i] > (int64_t{1} << 40)) return;
    frames += lengths[i];
  }
  if (frames == info.total_frames) return;
  findings.Add("frames-counted-wrong", {},
               "meta/info.json counts " + Count(info.total_frames, "frame") + ", and the episodes have " +
                   std::to_string(frames),
               {{"info", info.total_frames}, {"episodes", frames}});
}

// The first that can be said for certain; false if nothing is wrong with the table's numbers.
bool ExplainTable(const std::filesystem::path& root, Findings& findings) {
  try {
    const auto info = ParseInfo(ReadFile(root / "meta/info.json"), "meta/info.json");
    const int64_t before = findings.Count(Severity::kError);
    ExplainEpisodeIndices(EpisodeColumn(root, info.version, "episode_index"), info.total_episodes, findings);
    if (findings.Count(Severity::kError) == before) {
      ExplainLengths(EpisodeColumn(root, info.version, "length"), info, findings);
    }
    return findings.Count(Severity::kError) > before;
  } catch (const std::exception&) {
    return false;  // what opening said stands
  }
}

}  // namespace

const std::vector<FindingKind>& OpeningFindingKinds() {
  static const std::string kWhole = "copy the dataset again, whole";
  static const std::vector<FindingKind> kKinds = {
      {"not-a-dataset", Severity::kError, "no dataset there", "nothing can be trained on it",
       "give the folder that holds meta/info.json"},
      {"info-unreadable", Severity::kError, "meta/info.json can't be understood", "training can't start",
       "correct it by hand, or copy it again"},
      {"episode-index-gap", Severity::kError, "episodes are missing from the table",
       "all later episodes would be shown with another one's video", kWhole},
      {"episode-index-doubled", Severity::kError, "episodes stand twice in the table",
       "all later episodes would be shown with another one's video", kWhole},
      {"episode-index-order", Severity::kError, "the episode table is out of order",
       "episodes would be shown with another one's video", "sort the table by episode_index"},
      {"episodes-counted-wrong", Severity::kError, "the episode counter is wrong", "training can't start",
       "correct total_episodes in meta/info.json, or copy the table again"},
      {"seal-broken", Severity::kError, "a sealed dataset that has changed",
       "a checkpoint would name data that it did not see",
       "heddle data seal {dataset} --verify says what changed; heddle data seal {dataset} --again takes it as it is"},
      {"meta-unreadable", Severity::kError, "a file under meta/ can't be read", "training can't start", kWhole},
  };
  return kKinds;
}

void ExplainEpisodeIndices(const std::vector<int64_t>& indices, int64_t counted, Findings& findings) {
  std::set<int64_t> seen;
  for (const int64_t index : indices) {
    if (seen.insert(index).second) continue;
    findings.Add("episode-index-doubled", {.episode = index, .frame = {}, .feature = ""},
                 "episode " + std::to_string(index) + " stands more than once in the episode table");
    return;
  }
  const int64_t last = seen.empty() ? -1 : *seen.rbegin();
  for (int64_t index = 0; index < last; ++index) {
    if (seen.contains(index)) continue;
    findings.Add("episode-index-gap", {.episode = index, .frame = {}, .feature = ""},
                 "episode " + std::to_string(index) + " is missing from the episode table, and episode " +
                     std::to_string(*seen.upper_bound(index)) + " stands in its place",
                 {{"rows", indices.size()}, {"last", last}});
    return;
  }
  if (!std::is_sorted(indices.begin(), indices.end())) {
    findings.Add("episode-index-order", {}, "the rows of the episode table are not in the order of episode_index");
  } else if (static_cast<int64_t>(indices.size()) < counted) {
    findings.Add(
        "episodes-counted-wrong", {},
        "meta/info.json counts " + Count(counted, "episode") + ", and the table has " + std::to_string(indices.size()),
        {{"info", counted}, {"table", indices.size()}});
  }
}

void ExplainOpening(const Error& error, const std::filesystem::path& root, Findings& findings) {
  if (root.empty()) {
    findings.Add("not-a-dataset", {}, error.message() + (error.mend().empty() ? "" : ": " + error.mend()));
    return;
  }
  const bool seal = dynamic_cast<const SealBroken*>(&error) != nullptr;
  if (!seal && ExplainTable(root, findings)) return;
  const bool info = error.where().find("info.json") != std::string::npos;
  findings.Add(seal   ? "seal-broken"
               : info ? "info-unreadable"
                      : "meta-unreadable",
               {.episode = {}, .frame = {}, .feature = error.where()},
               error.message() + (error.mend().empty() ? "" : ": " + error.mend()), {{"where", error.where()}});
}

}  // namespace heddle::data::audit
