#include "heddle/data/convert.h"

#include <cstddef>
#include <map>

#include "heddle/core/error.h"
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

[[noreturn]] void RefuseOther(const std::filesystem::path& folder, const std::string& what) {
  ThrowUsage("holds a dataset that is no beginning of this one: " + what, folder.string(),
             "name another folder, or remove that one");
}

// What is there must be what this plan began with.
void CheckBeginning(const Dataset& source, const ConvertPlan& plan, const std::filesystem::path& folder) {
  const Dataset there = Dataset::Open(folder.string());
  if (there.episodes().size() > plan.episodes.size()) RefuseOther(folder, "it has more episodes");
  for (const Feature& feature : source.info().features) {
    if (!there.info().Find(feature.name)) RefuseOther(folder, "it has no feature '" + feature.name + "'");
  }
  for (const Episode& episode : there.episodes()) {
    const int64_t from = plan.episodes[static_cast<size_t>(episode.index)];
    for (const Feature& feature : source.info().features) {
      const bool compared =
          feature.kind == FeatureKind::kNumeric && (!IsBookkeeping(feature.name) || feature.name == "timestamp");
      if (!compared) continue;
      if (source.ReadNumbers(feature.name, from) != there.ReadNumbers(feature.name, episode.index)) {
        RefuseOther(folder, "its episode " + std::to_string(episode.index) + " is not episode " + std::to_string(from) +
                                " of the source");
      }
    }
  }
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
  if (!std::filesystem::exists(folder / "meta/info.json")) {
    return DatasetWriter::Create(folder, OptionsFor(source, plan));
  }
  DatasetWriter writer = DatasetWriter::Resume(folder);
  CheckBeginning(source, plan, folder);
  return writer;
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
  if (!outcome.stopped) CopyLabels(source, plan, folder);
  return outcome;
}

}  // namespace heddle::data
