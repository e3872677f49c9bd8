#include "heddle/data/convert.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>

#include "heddle/core/atomic_file.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/read_file.h"
#include "heddle/data/copy_episode.h"
#include "heddle/data/dataset_writer.h"
#include "heddle/data/labels/label_edit.h"
#include "heddle/data/labels/label_table.h"

namespace heddle::data {
namespace {

WriterOptions OptionsFor(const Dataset& source, const ConvertPlan& plan) {
  WriterOptions options = WriterOptions::Like(source.info());
  if (plan.codec) options.video.codec = *plan.codec;
  if (plan.crf) options.video.crf = *plan.crf;
  if (plan.gop) options.video.gop = *plan.gop;
  return options;
}

std::filesystem::path MarkerOf(const std::filesystem::path& folder) {
  const auto whole = std::filesystem::weakly_canonical(std::filesystem::absolute(folder));
  return whole.parent_path() / ("." + whole.filename().string() + ".convert.json");
}

// What was begun: equal for the same source, unchanged, and the same plan.
std::string MarkerText(const Dataset& source, const ConvertPlan& plan) {
  using Json = nlohmann::ordered_json;
  Json episodes = Json::array();
  for (const int64_t index : plan.episodes) {
    const Episode& episode = source.episode(index);
    episodes.push_back({index, episode.length, episode.tasks});
  }
  const auto or_null = [](const auto& value) { return value ? Json(static_cast<int64_t>(*value)) : Json(nullptr); };
  return CanonicalJson({{"source", std::filesystem::canonical(source.root()).string()},
                        {"info", source.info().raw},
                        {"tasks", source.tasks()},
                        {"episodes", episodes},
                        {"codec", or_null(plan.codec)},
                        {"crf", or_null(plan.crf)},
                        {"gop", or_null(plan.gop)}});
}

bool IsInside(const std::filesystem::path& path, const std::filesystem::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

// Before anything is written. True if the folder holds a beginning of this very conversion.
bool HasBegun(const Dataset& source, const ConvertPlan& plan, const std::filesystem::path& folder) {
  const auto from = std::filesystem::canonical(source.root()),
             to = std::filesystem::weakly_canonical(std::filesystem::absolute(folder));
  if (IsInside(to, from) || IsInside(from, to)) {
    ThrowUsage("the new dataset would lie in the old one, or around it", folder.string(), "name another folder");
  }
  if (!std::filesystem::exists(folder / "meta/info.json")) return false;
  const auto marker = MarkerOf(folder);
  if (!std::filesystem::exists(marker)) {
    ThrowUsage("holds a dataset already", folder.string(), "name another folder, or remove that one");
  }
  if (ReadFile(marker) != MarkerText(source, plan)) {
    ThrowUsage("was begun from another source, or with other episodes or encoding", folder.string(),
               "name another folder, or remove it and " + marker.string());
  }
  return true;
}

double TimeChange(const Dataset& source, int64_t episode) {
  const auto times = source.ReadNumbers("timestamp", episode).ToDoubles();
  double most_s = 0;
  for (size_t i = 0; i < times.size(); ++i) {
    most_s = std::max(most_s, std::abs(times[i] - static_cast<double>(i) / source.info().fps));
  }
  return most_s;
}

// Labels of the table, with the episodes' new numbers; those of language columns come with their columns.
void CopyLabels(const Dataset& source, const ConvertPlan& plan, const std::filesystem::path& folder) {
  std::multimap<int64_t, int64_t> places = {{-1, -1}};
  for (size_t i = 0; i < plan.episodes.size(); ++i) places.emplace(plan.episodes[i], static_cast<int64_t>(i));
  LabelEdit edit;
  for (const Label& label : ReadLabels(source.root())) {
    const auto [begin, end] = places.equal_range(label.episode);
    for (auto place = begin; place != end; ++place) {
      Label copy = label;
      copy.episode = place->second;
      edit.add.push_back({copy, source.root().string()});
    }
  }
  if (!edit.add.empty()) EditLabels(Dataset::Open(folder.string()), edit);
}

DatasetWriter Begin(const Dataset& source, const ConvertPlan& plan, const std::filesystem::path& folder) {
  if (HasBegun(source, plan, folder)) return DatasetWriter::Resume(folder);
  // The marker first: killed in between, the next call finds a folder that is not there or has no episodes.
  std::filesystem::create_directories(MarkerOf(folder).parent_path());
  WriteFileAtomically(MarkerOf(folder), MarkerText(source, plan));
  try {
    return DatasetWriter::Create(folder, OptionsFor(source, plan));
  } catch (...) {
    std::filesystem::remove(MarkerOf(folder));
    throw;
  }
}

}  // namespace

ConvertOutcome ConvertDataset(const Dataset& source, const ConvertPlan& plan, const std::filesystem::path& folder,
                              const StopFlag& stop, const std::function<void()>& episode_done) {
  ConvertOutcome outcome;
  {
    DatasetWriter writer = Begin(source, plan, folder);
    for (int64_t i = 0; i < writer.num_episodes(); ++i) episode_done();  // there already
    for (auto i = static_cast<size_t>(writer.num_episodes()); i < plan.episodes.size(); ++i) {
      if (stop.requested()) break;
      CopyEpisode(source, plan.episodes[i], writer);
      writer.SaveEpisode();
      episode_done();
    }
    outcome.episodes = writer.num_episodes();
    outcome.frames = writer.info().total_frames;
  }
  outcome.stopped = outcome.episodes < static_cast<int64_t>(plan.episodes.size());
  for (const int64_t episode : plan.episodes) {
    outcome.most_time_change_s = std::max(outcome.most_time_change_s, TimeChange(source, episode));
  }
  if (!outcome.stopped) {
    CopyLabels(source, plan, folder);
    std::filesystem::remove(MarkerOf(folder));
  }
  return outcome;
}

}  // namespace heddle::data
