// Pictures decoded and resized once into files that every later run reads (heddle/mixture/packed_file.h), one a camera
// of a source.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "heddle/core/parallel.h"
#include "heddle/mixture/frame_source.h"
#include "heddle/mixture/packed_file.h"
#include "heddle/mixture/picture_index.h"

namespace heddle::mixture {

// What a packed file of this camera is keyed by: the SHA-256 of the files that hold its pictures (their content where
// the dataset is sealed; else path, size, time of change and the first 64 KiB), of where the episodes lie in them, and
// of the size and fit.
std::string PackedKey(const BoundSource& source, const Layout& layout, size_t camera);

struct PackedFramesOptions {
  std::filesystem::path folder;
  size_t resident_bytes = size_t{256} << 20;  // of all files together
  size_t block_bytes = size_t{32} << 20;      // decoded between two marks on disk
  ThreadBudget threads = ThreadBudget(1);     // to build with
  const StopFlag* stop = nullptr;
};

class PackedFrames : public FrameSource {
 public:
  // Builds what is not there, from `decoder`. Nothing if it was stopped.
  static std::unique_ptr<PackedFrames> BuildAndOpen(const std::vector<BoundSource>& sources, const Layout& layout,
                                                    FrameSource& decoder, const PackedFramesOptions& options);
  // Nothing unless all files are there.
  static std::unique_ptr<PackedFrames> OpenIfBuilt(const std::vector<BoundSource>& sources, const Layout& layout,
                                                   const PackedFramesOptions& options);

  std::vector<FrameJob> Plan(std::vector<FrameRequest> requests) override;
  void Run(const FrameJob& job, FrameScratch& scratch) override;

 private:
  PackedFrames() = default;

  std::vector<PictureIndex> indices_;                            // [source], all episodes
  std::vector<std::vector<std::unique_ptr<PackedFile>>> files_;  // [source][camera], null where missing
};

}  // namespace heddle::mixture
