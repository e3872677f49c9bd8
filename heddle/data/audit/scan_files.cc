#include "heddle/data/audit/scan_files.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "heddle/core/error.h"
#include "heddle/data/lerobot/parquet_file.h"
#include "heddle/data/lerobot/path_template.h"
#include "heddle/data/seal_guard.h"
#include "heddle/data/video/video_reader.h"

namespace heddle::data::audit {
namespace {

using EpisodesOfFile = std::pair<std::string, std::vector<const Episode*>>;

std::vector<int64_t> ReadWholes(ParquetFile& file, const std::string& column, RowRange rows) {
  const auto numbers = file.ReadNumbers(column, contract::DType::kI64, {}, rows);
  const auto values = numbers.Values<int64_t>();
  return {values.begin(), values.end()};
}

bool BeginsAsParquet(const std::filesystem::path& file) {
  std::array<char, 4> magic{};
  std::ifstream in(file, std::ios::binary);
  in.read(magic.data(), magic.size());
  return in && std::string(magic.data(), magic.size()) == "PAR1";
}

// In the order of the episodes.
std::vector<EpisodesOfFile> DataFiles(const DatasetFacts& facts) {
  std::vector<EpisodesOfFile> files;
  for (const Episode& episode : facts.episodes) {
    if (files.empty() || files.back().first != episode.data_file) files.push_back({episode.data_file, {}});
    files.back().second.push_back(&episode);
  }
  return files;
}

DataFileFacts ScanDataFile(const Dataset& dataset, const EpisodesOfFile& of_file) {
  DataFileFacts facts;
  facts.file = of_file.first;
  for (const Episode* episode : of_file.second) facts.expected_rows += episode->length;
  try {
    facts.exists = std::filesystem::is_regular_file(ResolveInside(dataset.root(), facts.file));
    if (!facts.exists) return facts;
    const auto path = dataset.FileOf(facts.file);
    facts.footerless = BeginsAsParquet(path);
    ParquetFile file(path, facts.file);
    facts.footerless = false;
    facts.num_rows = file.num_rows();
    facts.columns = file.columns();
    const RowRange rows{0, std::min(facts.num_rows, facts.expected_rows)};
    const RowColumns found{ReadWholes(file, "episode_index", rows), ReadWholes(file, "index", rows),
                           ReadWholes(file, "frame_index", rows)};
    RowColumns counted = found;
    // So that a file of another length is told from one that is shifted.
    if (facts.num_rows > facts.expected_rows) counted.index.push_back(-1);
    facts.faults = CompareRows(of_file.second, counted);
  } catch (const SealBroken& error) {
    facts.error = error.message();
    facts.seal_broken = true;
  } catch (const Error& error) {
    facts.error = error.message();
  }
  return facts;
}

std::vector<VideoFileFacts> VideoFiles(const DatasetFacts& facts) {
  std::vector<VideoFileFacts> files;
  for (const Feature& feature : facts.info.features) {
    if (feature.kind != FeatureKind::kVideo) continue;
    std::set<std::string> seen;
    for (const Episode& episode : facts.episodes) {
      const auto place = episode.videos.find(feature.name);
      if (place == episode.videos.end() || !seen.insert(place->second.file).second) continue;
      files.push_back({.camera = feature.name, .file = place->second.file, .error = std::nullopt, .codec = ""});
    }
  }
  return files;
}

void ScanVideoFile(const Dataset& dataset, VideoFileFacts& facts) {
  try {
    facts.exists = std::filesystem::is_regular_file(ResolveInside(dataset.root(), facts.file));
    if (!facts.exists) return;
    const VideoFacts video = VideoReader(dataset.FileOf(facts.file)).facts();
    facts.num_frames = video.num_frames;
    facts.height = video.height;
    facts.width = video.width;
    facts.fps = video.fps;
    facts.codec = video.codec;
  } catch (const SealBroken& error) {
    facts.error = error.message();
    facts.seal_broken = true;
  } catch (const Error& error) {
    facts.error = error.message();
  }
}

std::vector<std::string> Orphans(const DatasetFacts& facts) {
  std::set<std::string> known;
  for (const auto& file : facts.data_files) known.insert(file.file);
  for (const auto& file : facts.video_files) known.insert(file.file);
  std::vector<std::string> orphans;
  for (const char* folder : {"data", "videos"}) {
    std::error_code error;
    std::filesystem::recursive_directory_iterator walk(facts.root / folder, error), end;
    for (; !error && walk != end; walk.increment(error)) {
      if (walk->is_directory()) continue;
      const std::string relative = walk->path().lexically_relative(facts.root).generic_string();
      if (!known.contains(relative)) orphans.push_back(relative);
    }
  }
  std::sort(orphans.begin(), orphans.end());
  return orphans;
}

}  // namespace

void ScanFiles(const Dataset& dataset, DatasetFacts& facts, const ThreadBudget& budget) {
  const auto data_files = DataFiles(facts);
  facts.data_files.resize(data_files.size());
  ParallelFor(budget, static_cast<int64_t>(data_files.size()), [&](int64_t i, int) {
    const auto at = static_cast<size_t>(i);
    facts.data_files[at] = ScanDataFile(dataset, data_files[at]);
  });
  facts.video_files = VideoFiles(facts);
  ParallelFor(budget, static_cast<int64_t>(facts.video_files.size()),
              [&](int64_t i, int) { ScanVideoFile(dataset, facts.video_files[static_cast<size_t>(i)]); });
  facts.orphans = Orphans(facts);
}

}  // namespace heddle::data::audit
