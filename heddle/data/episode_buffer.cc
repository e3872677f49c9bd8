#include "heddle/data/episode_buffer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "heddle/data/video/image_codec.h"

namespace heddle::data {
namespace {

using contract::Array;
using contract::DType;

void Append(std::span<const std::byte> bytes, std::vector<std::byte>& out) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

// float64 for float32 and the other way round.
Array Converted(const Array& array, DType dtype) {
  Array converted(dtype, array.shape());
  for (int64_t i = 0; i < array.size(); ++i) {
    const auto at = static_cast<size_t>(i);
    if (dtype == DType::kF32) {
      converted.Values<float>()[at] = static_cast<float>(array.At(i));
    } else {
      converted.Values<double>()[at] = array.At(i);
    }
  }
  return converted;
}

}  // namespace

EpisodeBuffer::EpisodeBuffer(const DatasetInfo& info, const VideoOptions& video, std::filesystem::path staging)
    : info_(info), video_(video), staging_(std::move(staging)) {
  for (const Feature& feature : info_.features) {
    if (feature.is_column() && !IsBookkeeping(feature.name)) columns_.columns[feature.name];
  }
}

void EpisodeBuffer::StartPictures() {
  int number = 0;
  for (const Feature& feature : info_.features) {
    if (!feature.is_camera()) continue;
    const auto stem = staging_ / ("camera-" + std::to_string(number++));
    if (feature.kind == FeatureKind::kVideo) {
      const double per_metre = feature.depth ? DepthPerMetre(info_, feature.name) : 1;
      cameras_[feature.name] = std::make_unique<CameraRecorder>(feature, video_, per_metre, stem);
    } else {
      stills_[feature.name] =
          std::make_unique<PictureStatistics>(stem, feature.height, feature.width, feature.channels);
    }
  }
}

void EpisodeBuffer::Add(const FrameValues& values, const DecodedPictures& decoded) {
  if (num_frames() == 0) StartPictures();
  for (const Feature& feature : info_.features) {
    if (IsBookkeeping(feature.name)) continue;
    const std::string& name = feature.name;
    switch (feature.kind) {
      case FeatureKind::kNumeric: AddNumbers(feature, values.numbers.at(name)); break;
      case FeatureKind::kText: columns_.columns.at(name).texts.push_back(values.texts.at(name)); break;
      case FeatureKind::kLanguage: columns_.columns.at(name).language.push_back(values.language.at(name)); break;
      case FeatureKind::kImage: AddStill(feature, values, decoded); break;
      case FeatureKind::kVideo: AddToVideo(feature, values); break;
    }
  }
  columns_.task_indices.push_back(IndexOfTask(values.task));
}

void EpisodeBuffer::AddNumbers(const Feature& feature, const Array& array) {
  std::vector<std::byte>& bytes = columns_.columns.at(feature.name).numbers;
  if (array.dtype() == feature.dtype) return Append(array.bytes(), bytes);
  Append(Converted(array, feature.dtype).bytes(), bytes);
}

void EpisodeBuffer::AddStill(const Feature& feature, const FrameValues& values, const DecodedPictures& decoded) {
  std::vector<std::string>& files = columns_.columns.at(feature.name).texts;
  PictureStatistics& statistics = *stills_.at(feature.name);
  if (const auto image = values.images.find(feature.name); image != values.images.end()) {
    statistics.AddLevels(image->second.pixels);
    files.push_back(EncodePng(image->second));
    return;
  }
  if (feature.depth) {
    statistics.AddDepth(decoded.depths.at(feature.name).values);
  } else {
    statistics.AddLevels(decoded.images.at(feature.name).pixels);
  }
  files.push_back(values.image_files.at(feature.name));
}

void EpisodeBuffer::AddToVideo(const Feature& feature, const FrameValues& values) {
  CameraRecorder& camera = *cameras_.at(feature.name);
  if (!feature.depth) return camera.Add(values.images.at(feature.name));
  const auto depth = values.depths.find(feature.name);
  if (depth != values.depths.end()) return camera.AddDepth(depth->second.values);
  camera.AddCodes(values.depth_codes.at(feature.name));
}

int64_t EpisodeBuffer::IndexOfTask(const std::string& task) {
  const auto found = std::find(tasks_.begin(), tasks_.end(), task);
  const int64_t index = found - tasks_.begin();
  if (found == tasks_.end()) tasks_.push_back(task);
  return index;
}

contract::Statistics EpisodeBuffer::FinishPictures() {
  contract::Statistics statistics;
  for (const auto& [name, camera] : cameras_) statistics[name] = camera->Finish();
  for (const auto& [name, still] : stills_) statistics[name] = still->Finish();
  return statistics;
}

FrameColumns EpisodeBuffer::TakeColumns(const std::vector<int64_t>& task_indices) {
  for (int64_t& index : columns_.task_indices) index = task_indices[static_cast<size_t>(index)];
  return std::move(columns_);
}

}  // namespace heddle::data
