#include "heddle/data/dataset.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <nlohmann/json.hpp>

#include "heddle/core/error.h"
#include "heddle/core/read_file.h"
#include "heddle/data/find_dataset.h"
#include "heddle/data/lerobot/meta.h"
#include "heddle/data/lerobot/path_template.h"
#include "heddle/data/row_blocks.h"
#include "heddle/data/seal_guard.h"

namespace heddle::data {

struct Dataset::Parts {
  std::filesystem::path root;
  SealGuard seal;
  DatasetMeta meta;
  RowBlocks blocks;
  std::vector<std::atomic<bool>> rows_checked;  // per episode

  Parts(std::filesystem::path folder, const OpenOptions& options)
      : root(std::move(folder)),
        seal(root, options.hold_to_seal),
        meta(ReadSealedMeta()),
        blocks([this](const std::string& relative) { return OpenParquet(relative); }, options.row_cache_bytes),
        rows_checked(meta.episodes.size()) {}

  // The seal first: its error names the file that changed, where reading it would name what that led to.
  DatasetMeta ReadSealedMeta() {
    seal.CheckMeta();
    return ReadMeta(root);
  }

  std::shared_ptr<ParquetFile> OpenParquet(const std::string& relative) {
    const auto file = ResolveInside(root, relative);
    seal.Check(relative);
    return std::make_shared<ParquetFile>(file, file.string());
  }

  const Episode& EpisodeOf(int64_t index) const {
    const auto count = static_cast<int64_t>(meta.episodes.size());
    if (index < 0 || index >= count) {
      ThrowUsage("there is no episode " + std::to_string(index), root.string(),
                 count == 0 ? "the dataset is empty" : "episodes are 0 to " + std::to_string(count - 1));
    }
    return meta.episodes[static_cast<size_t>(index)];
  }

  const Feature& FeatureOf(std::string_view name, FeatureKind kind, const char* wanted) const {
    const Feature& feature = meta.info.Require(name);
    if (feature.kind != kind) ThrowUsage("'" + feature.name + "' is no feature of " + wanted, root.string());
    return feature;
  }

  RowRange RowsOf(const Episode& episode) const { return {episode.row_in_file, episode.length}; }

  void CheckColumn(const Episode& episode, const char* column, int64_t first, int64_t step) {
    const auto values = blocks.Numbers(episode.data_file, meta.info.Require(column), RowsOf(episode));
    for (int64_t i = 0; i < episode.length; ++i) {
      const auto expected = static_cast<double>(first + i * step);
      if (values.At(i) == expected) continue;
      ThrowInput("has " + std::string(column) + " " + std::to_string(static_cast<int64_t>(values.At(i))) + " at row " +
                     std::to_string(episode.row_in_file + i) + ", where the episode table puts episode " +
                     std::to_string(episode.index) + " frame " + std::to_string(i) + " (" + column + " " +
                     std::to_string(first + i * step) + ")",
                 (root / episode.data_file).string(),
                 "the episode table and the data do not belong together: take a copy that is whole");
    }
  }

  // Rows of another episode under this one's number would be served with this one's pictures.
  void CheckRows(const Episode& episode) {
    auto& checked = rows_checked[static_cast<size_t>(episode.index)];
    if (checked.load(std::memory_order_relaxed)) return;
    CheckColumn(episode, "episode_index", episode.index, 0);
    CheckColumn(episode, "index", episode.first_row, 1);
    checked.store(true, std::memory_order_relaxed);
  }
};

Dataset Dataset::Open(const std::string& folder_or_name, const OpenOptions& options) {
  return Dataset(std::make_unique<Parts>(FindDataset(folder_or_name), options));
}

Dataset::Dataset(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Dataset::~Dataset() = default;
Dataset::Dataset(Dataset&&) noexcept = default;
Dataset& Dataset::operator=(Dataset&&) noexcept = default;

const std::filesystem::path& Dataset::root() const { return parts_->root; }
const DatasetInfo& Dataset::info() const { return parts_->meta.info; }
const std::vector<Episode>& Dataset::episodes() const { return parts_->meta.episodes; }
const Episode& Dataset::episode(int64_t index) const { return parts_->EpisodeOf(index); }
const std::vector<std::string>& Dataset::tasks() const { return parts_->meta.tasks; }
const std::optional<contract::Statistics>& Dataset::statistics() const { return parts_->meta.statistics; }
const std::string& Dataset::statistics_error() const { return parts_->meta.statistics_error; }
const std::vector<std::string>& Dataset::warnings() const { return parts_->meta.warnings; }

contract::Array Dataset::ReadNumbers(std::string_view name, int64_t index) const {
  const Episode& episode = parts_->EpisodeOf(index);
  const Feature& feature = parts_->FeatureOf(name, FeatureKind::kNumeric, "numbers");
  parts_->CheckRows(episode);
  return parts_->blocks.Numbers(episode.data_file, feature, parts_->RowsOf(episode));
}

std::vector<std::string> Dataset::ReadTexts(std::string_view name, int64_t index) const {
  const Episode& episode = parts_->EpisodeOf(index);
  const Feature& feature = parts_->FeatureOf(name, FeatureKind::kText, "text");
  parts_->CheckRows(episode);
  return parts_->blocks.File(episode.data_file)->ReadTexts(feature.name, parts_->RowsOf(episode));
}

std::vector<std::string> Dataset::ReadImageFiles(std::string_view name, int64_t index, int64_t first,
                                                 int64_t count) const {
  const Episode& episode = parts_->EpisodeOf(index);
  const Feature& feature = parts_->FeatureOf(name, FeatureKind::kImage, "embedded pictures");
  HEDDLE_DEMAND(first >= 0 && count >= 0 && first + count <= episode.length);
  parts_->CheckRows(episode);
  const RowRange rows{episode.row_in_file + first, count};
  std::vector<std::string> files;
  for (auto& cell : parts_->blocks.File(episode.data_file)->ReadImages(feature.name, rows)) {
    files.push_back(cell.bytes.empty() ? ReadFile(FileOf(cell.path)) : std::move(cell.bytes));
  }
  return files;
}

std::vector<nlohmann::ordered_json> Dataset::ReadLanguage(std::string_view name, int64_t index,
                                                          std::optional<int64_t> most) const {
  const Episode& episode = parts_->EpisodeOf(index);
  const Feature& feature = parts_->FeatureOf(name, FeatureKind::kLanguage, "language annotation");
  parts_->CheckRows(episode);
  const RowRange rows{episode.row_in_file, std::min(episode.length, most.value_or(episode.length))};
  return parts_->blocks.File(episode.data_file)->ReadJson(feature.name, rows);
}

std::vector<std::string> Dataset::ReadTasks(int64_t index) const {
  const contract::Array indices = ReadNumbers("task_index", index);
  std::vector<std::string> texts;
  for (int64_t i = 0; i < indices.size(); ++i) {
    const auto task = static_cast<int64_t>(indices.At(i));
    if (task < 0 || task >= static_cast<int64_t>(tasks().size())) {
      ThrowInput("episode " + std::to_string(index) + " frame " + std::to_string(i) + " has task_index " +
                     std::to_string(task) + ", and there are " + std::to_string(tasks().size()) + " tasks",
                 (root() / episode(index).data_file).string());
    }
    texts.push_back(tasks()[static_cast<size_t>(task)]);
  }
  return texts;
}

VideoSpan Dataset::Video(std::string_view name, int64_t index) const {
  const Episode& episode = parts_->EpisodeOf(index);
  const Feature& feature = parts_->FeatureOf(name, FeatureKind::kVideo, "videos");
  const auto& place = episode.videos.at(feature.name);
  return {FileOf(place.file), std::llround(place.from_s * info().fps), place.from_s};
}

std::optional<std::string> Dataset::SealedHashOf(const std::string& relative) const {
  return parts_->seal.HashOf(relative);
}

std::filesystem::path Dataset::FileOf(const std::string& relative) const {
  const auto file = ResolveInside(parts_->root, relative);
  parts_->seal.Check(relative);
  return file;
}

}  // namespace heddle::data
