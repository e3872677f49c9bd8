#include "heddle/mixture/decoded_frames.h"

#include <algorithm>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/data/video/image_codec.h"
#include "heddle/data/video_time.h"

namespace heddle::mixture {
namespace {

constexpr size_t kMaxOpenFiles = 64;
constexpr size_t kJobFrames = 12;
constexpr int64_t kNear = 4;  // frames: closer ones are not parted, as they would share a GOP

void CheckSize(int64_t height, int64_t width, const data::Feature& feature) {
  if (height == feature.height && width == feature.width) return;
  ThrowInput("the picture is " + std::to_string(height) + " x " + std::to_string(width) + " and the dataset says " +
             std::to_string(feature.height) + " x " + std::to_string(feature.width));
}

}  // namespace

DecodedFrames::DecodedFrames(const std::vector<BoundSource>& sources, const Layout& layout, size_t bytes)
    : sources_(sources), layout_(layout), decoders_(bytes / 4 * 3, kMaxOpenFiles), images_(bytes / 4) {
  for (const BoundSource& source : sources) {
    auto& resizers = resizers_.emplace_back();
    for (size_t i = 0; i < layout.cameras.size(); ++i) {
      const data::Feature* feature = source.cameras[i];
      resizers.push_back(
          feature == nullptr ? nullptr : std::make_unique<Resizer>(feature->height, feature->width, layout.cameras[i]));
    }
  }
}

const data::Feature& DecodedFrames::FeatureOf(const FrameRequest& request) const {
  const data::Feature* feature =
      sources_[static_cast<size_t>(request.source)].cameras[static_cast<size_t>(request.camera)];
  HEDDLE_DEMAND(feature != nullptr);
  return *feature;
}

double DecodedFrames::RateOf(const FrameRequest& request) const {
  return sources_[static_cast<size_t>(request.source)].dataset().info().fps;
}

DecodedFrames::Place DecodedFrames::PlaceOf(const FrameRequest& request) {
  const Key key{request.source, request.camera, request.episode};
  const std::lock_guard lock(mutex_);
  const auto found = places_.find(key);
  if (found != places_.end()) return found->second;
  const data::Feature& feature = FeatureOf(request);
  Place place;
  if (feature.kind == data::FeatureKind::kVideo) {
    const data::Dataset& dataset = sources_[static_cast<size_t>(request.source)].dataset();
    const data::VideoSpan span = dataset.Video(feature.name, request.episode);
    const auto [file, is_new] = file_numbers_.try_emplace(span.file.string(), static_cast<int32_t>(files_.size()));
    if (is_new) files_.push_back(file->first);
    place = {file->second, span.first_frame, span.from_s};
  }
  places_[key] = place;
  return place;
}

std::string DecodedFrames::FileOf(int32_t file) {
  const std::lock_guard lock(mutex_);
  return files_[static_cast<size_t>(file)];
}

std::vector<FrameJob> DecodedFrames::Plan(std::vector<FrameRequest> requests) {
  for (FrameRequest& request : requests) {
    const Place place = PlaceOf(request);
    request.file = place.file;
    request.file_frame = place.first_frame + request.frame;
    request.file_time_s = place.from_s + static_cast<double>(request.frame) / RateOf(request);
  }
  const auto embedded_key = [](const FrameRequest& request) {
    return request.file >= 0 ? Key{} : Key{request.source, request.camera, request.episode};
  };
  std::ranges::stable_sort(requests, {}, [&](const FrameRequest& request) {
    return std::tuple(request.file, embedded_key(request), request.file_frame, request.camera);
  });
  std::vector<FrameJob> jobs;
  for (const FrameRequest& request : requests) {
    const FrameRequest* last = jobs.empty() ? nullptr : &jobs.back().requests.back();
    const bool apart = last == nullptr || last->file != request.file || embedded_key(*last) != embedded_key(request) ||
                       (jobs.back().requests.size() >= kJobFrames && request.file_frame - last->file_frame > kNear);
    if (apart) jobs.emplace_back();
    jobs.back().requests.push_back(request);
  }
  return jobs;
}

void DecodedFrames::Run(const FrameJob& job, FrameScratch& scratch) {
  if (job.requests.empty()) return;
  if (job.requests.front().file >= 0) {
    RunVideo(job, scratch);
  } else {
    RunImages(job, scratch);
  }
}

void DecodedFrames::Put(const FrameRequest& request, std::span<const uint8_t> pixels, FrameScratch& scratch) const {
  const auto camera = static_cast<size_t>(request.camera);
  const Resizer& resizer = *resizers_[static_cast<size_t>(request.source)][camera];
  resizer(pixels, {request.out, PictureBytes(layout_.cameras[camera])}, scratch.line);
}

void DecodedFrames::RunVideo(const FrameJob& job, FrameScratch& scratch) {
  const FrameRequest* at = &job.requests.front();
  try {
    DecoderPool::Lease reader = decoders_.Take(FileOf(at->file));
    try {
      CheckSize(reader->facts().height, reader->facts().width, FeatureOf(*at));
      scratch.pixels.resize(static_cast<size_t>(reader->facts().height * reader->facts().width * 3));
      int64_t decoded = -1;  // the frame that stands in scratch.pixels
      for (const FrameRequest& request : job.requests) {
        at = &request;
        data::CheckFrameTime(*reader, request.file_frame, request.file_time_s, RateOf(request));
        if (request.file_frame != decoded) reader->ReadRgb(request.file_frame, scratch.pixels);
        decoded = request.file_frame;
        Put(request, scratch.pixels, scratch);
      }
    } catch (...) {
      reader.Discard();
      throw;
    }
  } catch (const Error& error) {
    RethrowAt(error, WhereOf(*at, sources_));
  }
}

std::shared_ptr<const DecodedFrames::ImageFiles> DecodedFrames::ImagesOf(const FrameRequest& request) {
  const Key key{request.source, request.camera, request.episode};
  if (auto found = images_.Find(key)) return found;
  const data::Dataset& dataset = sources_[static_cast<size_t>(request.source)].dataset();
  const int64_t length = dataset.episode(request.episode).length;
  auto files =
      std::make_shared<const ImageFiles>(dataset.ReadImageFiles(FeatureOf(request).name, request.episode, 0, length));
  size_t bytes = 0;
  for (const std::string& file : *files) bytes += file.size() + sizeof(std::string);
  images_.Keep(key, files, bytes);
  return files;
}

void DecodedFrames::RunImages(const FrameJob& job, FrameScratch& scratch) {
  const FrameRequest* at = &job.requests.front();
  try {
    const std::shared_ptr<const ImageFiles> files = ImagesOf(*at);
    for (const FrameRequest& request : job.requests) {
      at = &request;
      HEDDLE_DEMAND(request.frame >= 0 && request.frame < static_cast<int64_t>(files->size()));
      const data::Image image = data::DecodeImage((*files)[static_cast<size_t>(request.frame)], "");
      CheckSize(image.height, image.width, FeatureOf(request));
      Put(request, image.pixels, scratch);
    }
  } catch (const Error& error) {
    RethrowAt(error, WhereOf(*at, sources_));
  }
}

}  // namespace heddle::mixture
