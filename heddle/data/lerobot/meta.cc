#include "heddle/data/lerobot/meta.h"

#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/read_file.h"
#include "heddle/data/lerobot/path_template.h"

namespace heddle::data {
namespace {

// A dataset can be read without statistics, so damaged ones are a warning here and a finding of the audit.
void ReadStatistics(const std::filesystem::path& root, DatasetMeta& meta) {
  const auto file = ResolveInside(root, "meta/stats.json");
  if (!std::filesystem::exists(file)) return;
  try {
    meta.statistics = contract::StatisticsFromJson(ParseJson(ReadFile(file), file.string()), file.string());
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInput) throw;
    meta.statistics_error = error.what();
    meta.warnings.push_back(meta.statistics_error + "; the dataset's statistics are not used");
  }
}

void CheckRows(const DatasetMeta& meta, const std::string& place) {
  int64_t row = 0;
  for (const Episode& episode : meta.episodes) {
    if (episode.first_row != row) {
      ThrowInput("episode " + std::to_string(episode.index) + " begins at row " + std::to_string(episode.first_row) +
                     ", and the one before it ends at row " + std::to_string(row),
                 place, "an episode is missing or doubled: take a copy that is whole");
    }
    row += episode.length;
  }
  if (row != meta.info.total_frames) {
    ThrowInput("the episodes have " + std::to_string(row) + " frames, and info.json counts " +
                   std::to_string(meta.info.total_frames),
               place, "take a copy that is whole");
  }
}

}  // namespace

DatasetMeta ReadMeta(const std::filesystem::path& root) {
  DatasetMeta meta;
  const auto info_file = ResolveInside(root, "meta/info.json");
  meta.info = ParseInfo(ReadFile(info_file), info_file.string(), &meta.warnings);
  if (meta.info.version == FormatVersion::kV30) {
    ReadMetaV3(root, meta);
  } else {
    ReadMetaV2(root, meta);
  }
  CheckRows(meta, (root / "meta").string());
  ReadStatistics(root, meta);
  return meta;
}

}  // namespace heddle::data
