// Pictures kept in memory: each is decoded when it is first asked for, and is there from then on. The first pass costs
// what decoding costs, and the later ones a copy; nothing is waited for at the start.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "heddle/mixture/frame_source.h"
#include "heddle/mixture/mapping.h"
#include "heddle/mixture/picture_index.h"

namespace heddle::mixture {

// Bytes that all pictures of the episodes need.
size_t ResidentBytes(const std::vector<BoundSource>& sources, const Layout& layout,
                     const std::vector<std::vector<int64_t>>& episodes);

class MemoryFrames : public FrameSource {
 public:
  // `episodes`: of each source, those that are asked for. kSystem if the memory can't be had.
  MemoryFrames(const std::vector<BoundSource>& sources, const Layout& layout,
               const std::vector<std::vector<int64_t>>& episodes, std::unique_ptr<FrameSource> decoder);

  std::vector<FrameJob> Plan(std::vector<FrameRequest> requests) override {
    return decoder_->Plan(std::move(requests));
  }
  void Run(const FrameJob& job, FrameScratch& scratch) override;

 private:
  enum State : uint8_t { kEmpty, kBeingWritten, kReady };
  // One camera's pictures of one source.
  struct Gallery {
    Mapping pictures;
    size_t picture_bytes = 0;
    std::unique_ptr<std::atomic<uint8_t>[]> states;
  };

  Gallery& GalleryOf(const FrameRequest& request);
  // Takes over the picture that was decoded for a request.
  void Keep(const FrameRequest& request);

  std::vector<PictureIndex> indices_;            // [source]
  std::vector<std::vector<Gallery>> galleries_;  // [source][camera]
  std::unique_ptr<FrameSource> decoder_;
};

}  // namespace heddle::mixture
