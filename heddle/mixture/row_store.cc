#include "heddle/mixture/row_store.h"

#include <algorithm>

#include "heddle/core/error.h"
#include "heddle/mixture/resample.h"

namespace heddle::mixture {
namespace {

using contract::Array;

// Every feature that the layout's rows are made of, each once, and task_index at the end.
std::vector<std::string> FeaturesOf(const BoundSource& source) {
  std::vector<std::string> names;
  const auto add = [&](const std::vector<std::string>& features) {
    for (const std::string& name : features) {
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
  };
  for (const RowMap& map : source.rows) add(map.features());
  for (const auto& conversion : source.conversions) {
    if (conversion) add(conversion->features());
  }
  names.push_back("task_index");
  return names;
}

std::vector<int64_t> TasksOf(const BoundSource& source, const Array& task_index, int64_t episode, int64_t length) {
  const auto known = static_cast<int64_t>(source.dataset().tasks().size());
  std::vector<int64_t> tasks(static_cast<size_t>(length));
  for (int64_t frame = 0; frame < length; ++frame) {
    const int64_t from = source.timeline.LastBefore(frame);
    const auto task = static_cast<int64_t>(task_index.At(from));
    if (task < 0 || task >= known) {
      ThrowInput("the frame's task_index is " + std::to_string(task) + " and the dataset has " + std::to_string(known) +
                     " tasks",
                 source.where() + ", episode " + std::to_string(episode) + ", frame " + std::to_string(from));
    }
    tasks[static_cast<size_t>(frame)] = task;
  }
  return tasks;
}

}  // namespace

size_t EpisodeRows::bytes() const {
  size_t sum = sizeof(EpisodeRows) + tasks.size() * sizeof(int64_t) + conditions.bytes();
  for (const std::vector<float>& each : values) sum += each.size() * sizeof(float);
  return sum;
}

EpisodeRows ReadEpisodeRows(const BoundSource& source, const Layout& layout, const Vocabulary& vocabulary,
                            int64_t episode) {
  const int64_t dataset_length = source.dataset().episodes()[static_cast<size_t>(episode)].length;
  const std::vector<std::string> names = FeaturesOf(source);
  std::vector<Array> read;
  try {
    for (const std::string& name : names) read.push_back(source.dataset().ReadNumbers(name, episode));
  } catch (const Error& error) {
    throw Error(error.kind(), error.message(), source.where() + ": " + error.where(), error.mend());
  }
  EpisodeRows rows{
      source.timeline.LengthOf(dataset_length), {}, {}, EpisodeConditions(*source.source, episode, vocabulary)};
  for (size_t i = 0; i < layout.numbers.size(); ++i) {
    const auto& conversion = source.conversions[i];
    std::vector<Array> needed;
    for (const std::string& name : conversion ? conversion->features() : source.rows[i].features()) {
      needed.push_back(read[static_cast<size_t>(std::ranges::find(names, name) - names.begin())]);
    }
    if (conversion) {
      rows.values.push_back(
          conversion->Apply(needed, dataset_length, source.where() + ", episode " + std::to_string(episode)));
      continue;
    }
    std::vector<float> values = source.rows[i].Apply(needed, dataset_length);
    if (!source.timeline.same_rate()) values = Resample(values, layout.numbers[i], source.timeline);
    rows.values.push_back(std::move(values));
  }
  rows.tasks = TasksOf(source, read.back(), episode, rows.length);
  return rows;
}

RowStore::RowStore(const std::vector<BoundSource>& sources, const Layout& layout, const Vocabulary& vocabulary,
                   size_t bytes)
    : sources_(sources), layout_(layout), vocabulary_(vocabulary), kept_(bytes) {}

std::shared_ptr<const EpisodeRows> RowStore::Get(int32_t source, int64_t episode) {
  if (auto rows = kept_.Find({source, episode})) return rows;
  auto rows = std::make_shared<const EpisodeRows>(
      ReadEpisodeRows(sources_[static_cast<size_t>(source)], layout_, vocabulary_, episode));
  kept_.Keep({source, episode}, rows, rows->bytes());
  return rows;
}

}  // namespace heddle::mixture
