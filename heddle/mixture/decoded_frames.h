// Pictures decoded when they are needed.
//
// A batch's requests are sorted by file and frame, so that a file is gone through once, neighbours share their GOP and
// no frame is decoded twice; each job is a stretch of one file. Open decoders are kept (heddle/mixture/decoder_pool.h),
// and so are the compressed bytes of episodes with embedded pictures, both within the budget.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include "heddle/mixture/bound_source.h"
#include "heddle/mixture/decoder_pool.h"
#include "heddle/mixture/frame_source.h"
#include "heddle/mixture/lru.h"
#include "heddle/mixture/resize.h"

namespace heddle::mixture {

class DecodedFrames : public FrameSource {
 public:
  // What it refers to must outlive it.
  DecodedFrames(const std::vector<BoundSource>& sources, const Layout& layout, size_t bytes);

  std::vector<FrameJob> Plan(std::vector<FrameRequest> requests) override;
  void Run(const FrameJob& job, FrameScratch& scratch) override;

  const DecoderPool& decoders() const { return decoders_; }

 private:
  using ImageFiles = std::vector<std::string>;
  // Where an episode's pictures of a camera lie: a video and its first frame there, or (file -1) its embedded pictures.
  struct Place {
    int32_t file = -1;
    int64_t first_frame = 0;
    double from_s = 0;
  };
  using Key = std::tuple<int32_t, int32_t, int64_t>;  // source, camera, episode

  const data::Feature& FeatureOf(const FrameRequest& request) const;
  double RateOf(const FrameRequest& request) const;  // frames a second of its dataset
  Place PlaceOf(const FrameRequest& request);
  std::string FileOf(int32_t file);
  void RunVideo(const FrameJob& job, FrameScratch& scratch);
  void RunImages(const FrameJob& job, FrameScratch& scratch);
  std::shared_ptr<const ImageFiles> ImagesOf(const FrameRequest& request);
  void Put(const FrameRequest& request, std::span<const uint8_t> pixels, FrameScratch& scratch) const;

  const std::vector<BoundSource>& sources_;
  const Layout& layout_;
  std::vector<std::vector<std::unique_ptr<Resizer>>> resizers_;  // [source][camera], null where missing
  DecoderPool decoders_;
  Lru<Key, ImageFiles> images_;
  std::mutex mutex_;  // guards what follows
  std::map<Key, Place> places_;
  std::map<std::string, int32_t> file_numbers_;
  std::vector<std::string> files_;
};

}  // namespace heddle::mixture
