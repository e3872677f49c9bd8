#include "heddle/data/dataset_report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "heddle/core/progress.h"
#include "heddle/core/text.h"

namespace heddle::data {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

const char* KindName(const Feature& feature) {
  switch (feature.kind) {
    case FeatureKind::kNumeric: return contract::DTypeName(feature.dtype);
    case FeatureKind::kText: return "text";
    case FeatureKind::kImage: return "image";
    case FeatureKind::kVideo: return "video";
    case FeatureKind::kLanguage: return "language";
  }
  return "";
}

struct FileCount {
  int64_t files = 0;
  uintmax_t bytes = 0;
};

FileCount CountFiles(const fs::path& folder) {
  FileCount count;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
    if (!entry.is_regular_file(error)) continue;
    ++count.files;
    count.bytes += entry.file_size(error);
  }
  return count;
}

std::string BytesText(uintmax_t bytes) {
  static const char* const kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  for (; value >= 1024 && unit + 1 < std::size(kUnits); ++unit) value /= 1024;
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 || value >= 100 ? "%.0f %s" : "%.1f %s", value, kUnits[unit]);
  return text;
}

// "12,345".
std::string CountText(int64_t count) {
  std::string digits = std::to_string(count);
  for (auto i = static_cast<int64_t>(digits.size()) - 3; i > 0; i -= 3) digits.insert(static_cast<size_t>(i), ",");
  return digits;
}

struct Lengths {
  int64_t min = 0, median = 0, max = 0;
};

std::vector<int64_t> SortedLengths(const Dataset& dataset) {
  std::vector<int64_t> lengths;
  for (const Episode& episode : dataset.episodes()) lengths.push_back(episode.length);
  std::sort(lengths.begin(), lengths.end());
  return lengths;
}

Lengths LengthsOf(const Dataset& dataset) {
  const auto lengths = SortedLengths(dataset);
  if (lengths.empty()) return {};
  return {lengths.front(), lengths[lengths.size() / 2], lengths.back()};
}

// Episodes by length, from the shortest to the longest, in `bins` equal steps.
std::string LengthPicture(const Dataset& dataset, size_t bins) {
  static const char* const kBars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const auto lengths = SortedLengths(dataset);
  constexpr size_t kFew = 12;
  if (lengths.size() < kFew || lengths.front() == lengths.back()) return "";
  std::vector<int64_t> counts(bins);
  const double span = static_cast<double>(lengths.back() - lengths.front());
  for (const int64_t length : lengths) {
    const double share = static_cast<double>(length - lengths.front()) / span;
    ++counts[std::min(bins - 1, static_cast<size_t>(share * static_cast<double>(bins)))];
  }
  const int64_t most = *std::max_element(counts.begin(), counts.end());
  std::string picture;
  for (const int64_t count : counts) {
    picture += count == 0 ? " " : kBars[static_cast<size_t>((count * 7 + most - 1) / most)];
  }
  return picture;
}

std::map<std::string, int64_t> EpisodesByTask(const Dataset& dataset) {
  std::map<std::string, int64_t> counts;
  for (const std::string& task : dataset.tasks()) counts[task] = 0;
  for (const Episode& episode : dataset.episodes()) {
    for (const std::string& task : std::set<std::string>(episode.tasks.begin(), episode.tasks.end())) ++counts[task];
  }
  return counts;
}

std::string Shortened(const std::string& text, size_t most) {
  if (text.size() <= most) return text;
  size_t end = most - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not inside of a character
  return text.substr(0, end) + "...";
}

std::string RangeText(const Dataset& dataset, const Feature& feature) {
  if (!dataset.statistics() || feature.is_camera()) return "";
  const auto found = dataset.statistics()->find(feature.name);
  if (found == dataset.statistics()->end() || found->second.min.empty() || found->second.max.empty()) return "";
  char text[64];
  std::snprintf(text, sizeof text, "%.3g .. %.3g",
                *std::min_element(found->second.min.begin(), found->second.min.end()),
                *std::max_element(found->second.max.begin(), found->second.max.end()));
  return text;
}

std::string ShapeOf(const Feature& feature) {
  if (feature.is_camera()) {
    return std::to_string(feature.width) + "x" + std::to_string(feature.height) + (feature.depth ? " depth" : "");
  }
  const auto shape = feature.value_shape();
  return shape.empty() ? "1" : contract::ShapeText(shape).substr(1, contract::ShapeText(shape).size() - 2);
}

std::string CodecOf(const Feature& feature, const DatasetInfo& info) {
  const auto& spec = info.raw.at("features").at(feature.name);
  for (const char* block : {"info", "video_info"}) {
    if (!spec.contains(block) || !spec.at(block).is_object()) continue;
    for (const char* key : {"video.codec", "codec"}) {
      if (spec.at(block).contains(key) && spec.at(block).at(key).is_string()) return spec.at(block).at(key);
    }
  }
  return "";
}

std::string Padded(std::string text, size_t width) {
  size_t shown = 0;
  for (const char c : text) shown += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return text.append(shown < width ? width - shown : 0, ' ');
}

void AppendFeatures(const Dataset& dataset, std::string& text) {
  size_t widest = 0;
  for (const Feature& feature : dataset.info().features) {
    if (!IsBookkeeping(feature.name)) widest = std::max(widest, feature.name.size());
  }
  for (const Feature& feature : dataset.info().features) {
    if (IsBookkeeping(feature.name)) continue;
    std::string line = "  " + Padded(feature.name, widest) + "  " + Padded(KindName(feature), 8) + "  " +
                       Padded(ShapeOf(feature), 9) + "  " + Padded(RangeText(dataset, feature), 18) + "  ";
    line += feature.is_camera() ? CodecOf(feature, dataset.info()) : Shortened(Join(feature.names, ", "), 60);
    while (line.back() == ' ') line.pop_back();
    text += line + "\n";
  }
}

void AppendTasks(const Dataset& dataset, std::string& text) {
  constexpr size_t kShown = 8;
  auto counts = EpisodesByTask(dataset);
  std::vector<std::pair<int64_t, std::string>> ranked;
  for (const auto& [task, count] : counts) ranked.emplace_back(-count, task);
  std::sort(ranked.begin(), ranked.end());
  for (size_t i = 0; i < std::min(kShown, ranked.size()); ++i) {
    text += "  " + Padded(CountText(-ranked[i].first), 7) + Shortened(ranked[i].second, 88) + "\n";
  }
  if (ranked.size() > kShown) text += "  and " + std::to_string(ranked.size() - kShown) + " more\n";
}

}  // namespace

Json DescribeDataset(const Dataset& dataset) {
  const DatasetInfo& info = dataset.info();
  Json features = Json::array();
  for (const Feature& feature : info.features) {
    Json item = {{"name", feature.name}, {"kind", KindName(feature)}, {"shape", feature.value_shape()}};
    if (!feature.names.empty()) item["names"] = feature.names;
    if (feature.is_camera()) item["depth"] = feature.depth.has_value();
    if (feature.kind == FeatureKind::kVideo) item["codec"] = CodecOf(feature, info);
    features.push_back(item);
  }
  const Lengths lengths = LengthsOf(dataset);
  Json files = Json::object();
  for (const char* folder : {"meta", "data", "videos"}) {
    const FileCount count = CountFiles(dataset.root() / folder);
    files[folder] = {{"files", count.files}, {"bytes", count.bytes}};
  }
  Json tasks = Json::array();
  const auto by_task = EpisodesByTask(dataset);
  for (const std::string& task : dataset.tasks()) tasks.push_back({{"task", task}, {"episodes", by_task.at(task)}});
  return {{"root", dataset.root().string()},
          {"format", VersionName(info.version)},
          {"robot_type", info.robot_type.empty() ? Json(nullptr) : Json(info.robot_type)},
          {"fps", info.fps},
          {"episodes", dataset.episodes().size()},
          {"frames", info.total_frames},
          {"duration_s", static_cast<double>(info.total_frames) / info.fps},
          {"episode_length", {{"min", lengths.min}, {"median", lengths.median}, {"max", lengths.max}}},
          {"features", features},
          {"tasks", tasks},
          {"files", files},
          {"statistics", dataset.statistics().has_value()},
          {"warnings", dataset.warnings()}};
}

std::string PictureOfDataset(const Dataset& dataset) {
  const DatasetInfo& info = dataset.info();
  const Lengths lengths = LengthsOf(dataset);
  std::string text = dataset.root().string() + "\n";
  text += std::string("LeRobot ") + VersionName(info.version) + ", " + FormatDouble(info.fps) + " fps" +
          (info.robot_type.empty() ? "" : ", robot " + info.robot_type) + "\n\n";
  text += CountText(static_cast<int64_t>(dataset.episodes().size())) + " episodes, " + CountText(info.total_frames) +
          " frames, " + FormatDuration(static_cast<double>(info.total_frames) / info.fps) + "\n";
  text += "episode length " + CountText(lengths.min) + " .. " + CountText(lengths.max) + " frames, median " +
          CountText(lengths.median);
  const std::string picture = LengthPicture(dataset, 24);
  text += (picture.empty() ? "" : "  " + picture) + "\n";
  text += std::string("statistics ") + (dataset.statistics() ? "yes" : "none") + "\n\nfeatures\n";
  AppendFeatures(dataset, text);
  text += "\ntasks, by episodes\n";
  AppendTasks(dataset, text);
  text += "\nfiles\n";
  for (const char* folder : {"meta", "data", "videos"}) {
    const FileCount count = CountFiles(dataset.root() / folder);
    if (count.files == 0) continue;
    text += "  " + Padded(folder, 7) + CountText(count.files) + (count.files == 1 ? " file, " : " files, ") +
            BytesText(count.bytes) + "\n";
  }
  for (const std::string& warning : dataset.warnings()) text += "\nwarning: " + warning + "\n";
  return WithoutControls(std::move(text));
}

}  // namespace heddle::data
