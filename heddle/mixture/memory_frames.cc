#include "heddle/mixture/memory_frames.h"

#include <cstring>

namespace heddle::mixture {

size_t ResidentBytes(const std::vector<BoundSource>& sources, const Layout& layout,
                     const std::vector<std::vector<int64_t>>& episodes) {
  size_t bytes = 0;
  for (size_t source = 0; source < sources.size(); ++source) {
    const PictureIndex index(sources[source].dataset(), episodes[source]);
    for (size_t camera = 0; camera < layout.cameras.size(); ++camera) {
      if (sources[source].cameras[camera] == nullptr) continue;
      bytes += static_cast<size_t>(index.count()) * PictureBytes(layout.cameras[camera]);
    }
  }
  return bytes;
}

MemoryFrames::MemoryFrames(const std::vector<BoundSource>& sources, const Layout& layout,
                           const std::vector<std::vector<int64_t>>& episodes, std::unique_ptr<FrameSource> decoder)
    : decoder_(std::move(decoder)) {
  for (size_t source = 0; source < sources.size(); ++source) {
    const PictureIndex& index = indices_.emplace_back(sources[source].dataset(), episodes[source]);
    auto& galleries = galleries_.emplace_back(layout.cameras.size());
    for (size_t camera = 0; camera < layout.cameras.size(); ++camera) {
      if (sources[source].cameras[camera] == nullptr || index.count() == 0) continue;
      Gallery& gallery = galleries[camera];
      gallery.picture_bytes = PictureBytes(layout.cameras[camera]);
      gallery.pictures =
          Mapping::Anonymous(gallery.picture_bytes * static_cast<size_t>(index.count()), sources[source].where());
      gallery.states = std::make_unique<std::atomic<uint8_t>[]>(static_cast<size_t>(index.count()));
    }
  }
}

MemoryFrames::Gallery& MemoryFrames::GalleryOf(const FrameRequest& request) {
  return galleries_[static_cast<size_t>(request.source)][static_cast<size_t>(request.camera)];
}

void MemoryFrames::Run(const FrameJob& job, FrameScratch& scratch) {
  FrameJob missing;
  for (const FrameRequest& request : job.requests) {
    Gallery& gallery = GalleryOf(request);
    const auto place =
        static_cast<size_t>(indices_[static_cast<size_t>(request.source)](request.episode, request.frame));
    if (gallery.states[place].load(std::memory_order_acquire) == kReady) {
      std::memcpy(request.out, gallery.pictures.data() + place * gallery.picture_bytes, gallery.picture_bytes);
    } else {
      missing.requests.push_back(request);
    }
  }
  decoder_->Run(missing, scratch);
  for (const FrameRequest& request : missing.requests) Keep(request);
}

void MemoryFrames::Keep(const FrameRequest& request) {
  Gallery& gallery = GalleryOf(request);
  const auto place = static_cast<size_t>(indices_[static_cast<size_t>(request.source)](request.episode, request.frame));
  uint8_t expected = kEmpty;
  // Another thread may be writing the same picture: then it is left to that one.
  if (!gallery.states[place].compare_exchange_strong(expected, kBeingWritten)) return;
  std::memcpy(gallery.pictures.data() + place * gallery.picture_bytes, request.out, gallery.picture_bytes);
  gallery.states[place].store(kReady, std::memory_order_release);
}

}  // namespace heddle::mixture
