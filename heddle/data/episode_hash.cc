#include "heddle/data/episode_hash.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "heddle/core/error.h"
#include "heddle/core/read_file.h"
#include "heddle/core/sha256.h"
#include "heddle/data/dataset.h"
#include "heddle/data/lerobot/parquet_file.h"
#include "heddle/data/video/image_codec.h"
#include "heddle/data/video/video_reader.h"
#include "heddle/data/video_time.h"

namespace heddle::data {
namespace {

constexpr int64_t kPicturesAtOnce = 256;

bool OnlySaysWhere(const std::string& feature) {
  return feature == "index" || feature == "episode_index" || feature == "task_index";
}

void Add(Sha256& hash, std::string_view text) {
  const uint64_t size = text.size();
  hash.Update(std::as_bytes(std::span(&size, 1)));
  hash.Update(text);
}

template <class T>
void AddItems(Sha256& hash, std::span<const T> items) {
  hash.Update(std::as_bytes(items));
}

void AddSize(Sha256& hash, int64_t height, int64_t width) {
  const int64_t size[] = {height, width};
  AddItems<int64_t>(hash, size);
}

void AddTexts(Sha256& hash, const std::vector<std::string>& texts) {
  for (const std::string& text : texts) Add(hash, text);
}

void AddLanguage(Sha256& hash, const std::vector<nlohmann::ordered_json>& frames) {
  for (const auto& rows : frames) {
    const auto bytes = nlohmann::json::to_cbor(nlohmann::json(rows));  // keys sorted
    Add(hash, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
}

}  // namespace

struct EpisodeHasher::Parts {
  const Dataset& dataset;
  std::map<std::string, std::pair<std::filesystem::path, VideoReader>> videos;  // per camera
  std::string rows_name;
  std::unique_ptr<ParquetFile> rows;

  VideoReader& Video(const std::string& camera, const std::filesystem::path& file) {
    auto found = videos.find(camera);
    if (found != videos.end() && found->second.first == file) return found->second.second;
    if (found != videos.end()) videos.erase(found);
    return videos.emplace(camera, std::pair(file, VideoReader(file))).first->second.second;
  }

  ParquetFile& Rows(const Episode& episode) {
    if (rows_name != episode.data_file) {
      const auto file = dataset.FileOf(episode.data_file);
      rows = std::make_unique<ParquetFile>(file, file.string());
      rows_name = episode.data_file;
    }
    return *rows;
  }

  // What is shown at another time than the table says can't be vouched for.
  void CheckTime(const VideoReader& video, const Feature& feature, const VideoSpan& span, const Episode& episode,
                 int64_t number) const {
    const double fps = dataset.info().fps;
    const int64_t frame = number - span.first_frame;
    try {
      CheckFrameTime(video, number, span.from_s + static_cast<double>(frame) / fps, fps);
    } catch (const Error& error) {
      ThrowInput(error.message(),
                 span.file.string() + ", " + feature.name + ", episode " + std::to_string(episode.index) + ", frame " +
                     std::to_string(frame),
                 error.mend());
    }
  }

  void AddVideo(Sha256& hash, const Feature& feature, const Episode& episode) {
    const VideoSpan span = dataset.Video(feature.name, episode.index);
    VideoReader& video = Video(feature.name, span.file);
    const auto [height, width] = std::pair(video.facts().height, video.facts().width);
    AddSize(hash, height, width);
    std::vector<uint16_t> codes(static_cast<size_t>(feature.depth ? height * width : 0));
    for (int64_t frame = span.first_frame; frame < span.first_frame + episode.length; ++frame) {
      CheckTime(video, feature, span, episode, frame);
      if (feature.depth) {
        video.ReadCodes(frame, codes);
        AddItems<uint16_t>(hash, codes);
      } else {
        AddItems<uint8_t>(hash, video.ReadRgb(frame).pixels);
      }
    }
  }

  void AddPicture(Sha256& hash, const Feature& feature, const std::string& bytes, const std::string& place) {
    if (feature.depth) {
      const DepthImage image = DecodeDepthImage(bytes, place);
      AddSize(hash, image.height, image.width);
      AddItems<float>(hash, image.values);
    } else {
      const Image image = DecodeImage(bytes, place);
      AddSize(hash, image.height, image.width);
      AddItems<uint8_t>(hash, image.pixels);
    }
  }

  void AddPictures(Sha256& hash, const Feature& feature, const Episode& episode, std::set<std::string>* files) {
    for (int64_t first = 0; first < episode.length; first += kPicturesAtOnce) {
      const int64_t count = std::min(kPicturesAtOnce, episode.length - first);
      auto cells = Rows(episode).ReadImages(feature.name, {episode.row_in_file + first, count});
      for (int64_t i = 0; i < count; ++i) {
        auto& cell = cells[static_cast<size_t>(i)];
        if (cell.bytes.empty() && files != nullptr) files->insert(cell.path);
        AddPicture(hash, feature, cell.bytes.empty() ? ReadFile(dataset.FileOf(cell.path)) : cell.bytes,
                   rows->place() + ", " + feature.name + " of episode " + std::to_string(episode.index) + " frame " +
                       std::to_string(first + i));
      }
    }
  }

  void AddFeature(Sha256& hash, const Feature& feature, const Episode& episode, std::set<std::string>* files) {
    Add(hash, feature.name);
    switch (feature.kind) {
      case FeatureKind::kNumeric:
        Add(hash, contract::DTypeName(feature.dtype));
        Add(hash, contract::ShapeText(feature.value_shape()));
        return hash.Update(dataset.ReadNumbers(feature.name, episode.index).bytes());
      case FeatureKind::kText: return AddTexts(hash, dataset.ReadTexts(feature.name, episode.index));
      case FeatureKind::kLanguage: return AddLanguage(hash, dataset.ReadLanguage(feature.name, episode.index));
      case FeatureKind::kImage: return AddPictures(hash, feature, episode, files);
      case FeatureKind::kVideo: return AddVideo(hash, feature, episode);
    }
  }
};

EpisodeHasher::EpisodeHasher(const Dataset& dataset) : parts_(new Parts{dataset, {}, "", nullptr}) {}
EpisodeHasher::~EpisodeHasher() = default;

std::string EpisodeHasher::Hash(int64_t index, std::set<std::string>* picture_files) {
  const Episode& episode = parts_->dataset.episode(index);
  std::vector<const Feature*> features;
  for (const Feature& feature : parts_->dataset.info().features) {
    if (!OnlySaysWhere(feature.name)) features.push_back(&feature);
  }
  std::sort(features.begin(), features.end(), [](auto* a, auto* b) { return a->name < b->name; });
  Sha256 hash;
  Add(hash, "heddle episode 1");
  AddItems<int64_t>(hash, {&episode.length, 1});
  AddTexts(hash, parts_->dataset.ReadTasks(index));
  for (const Feature* feature : features) parts_->AddFeature(hash, *feature, episode, picture_files);
  return hash.Hex();
}

}  // namespace heddle::data
