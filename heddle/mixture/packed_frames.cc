#include "heddle/mixture/packed_frames.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "heddle/core/atomic_file.h"
#include "heddle/core/check.h"

namespace heddle::mixture {
namespace {

constexpr size_t kJobBytes = size_t{2} << 20;

struct Target {
  size_t source, camera;
  std::filesystem::path path;
  PackedFacts facts;
};

std::vector<int64_t> AllEpisodes(const data::Dataset& dataset) {
  std::vector<int64_t> episodes(dataset.episodes().size());
  std::iota(episodes.begin(), episodes.end(), 0);
  return episodes;
}

std::vector<Target> TargetsOf(const std::vector<BoundSource>& sources, const Layout& layout,
                              const std::filesystem::path& folder) {
  std::vector<Target> targets;
  for (size_t source = 0; source < sources.size(); ++source) {
    for (size_t camera = 0; camera < layout.cameras.size(); ++camera) {
      if (sources[source].cameras[camera] == nullptr) continue;
      const CameraLayout& to = layout.cameras[camera];
      int64_t count = 0;
      for (const data::Episode& episode : sources[source].dataset().episodes()) count += episode.length;
      PackedFacts facts{PackedKey(sources[source], layout, camera), to.height, to.width, count};
      targets.push_back({source, camera, folder / (facts.key.substr(0, 32) + ".frames"), facts});
    }
  }
  return targets;
}

// Pictures first .. first + count of a camera, over all episodes in their order.
std::vector<FrameRequest> RequestsOf(const BoundSource& source, const Target& target, int64_t first,
                                     std::span<uint8_t> out) {
  std::vector<FrameRequest> requests;
  int64_t skip = first;
  for (const data::Episode& episode : source.dataset().episodes()) {
    for (int64_t frame = std::min(skip, episode.length); frame < episode.length; ++frame) {
      uint8_t* place = out.data() + requests.size() * target.facts.picture_bytes();
      if (place == out.data() + out.size()) return requests;
      requests.push_back({static_cast<int32_t>(target.source), static_cast<int32_t>(target.camera), episode.index,
                          frame, place, -1, 0});
    }
    skip -= std::min(skip, episode.length);
  }
  return requests;
}

bool Build(const Target& target, const BoundSource& source, FrameSource& decoder, const PackedFramesOptions& options) {
  std::vector<FrameScratch> scratch(static_cast<size_t>(options.threads.threads()));
  const auto make = [&](int64_t first, int64_t, std::span<uint8_t> out) {
    const std::vector<FrameJob> jobs = decoder.Plan(RequestsOf(source, target, first, out));
    ParallelFor(options.threads, static_cast<int64_t>(jobs.size()), [&](int64_t job, int worker) {
      decoder.Run(jobs[static_cast<size_t>(job)], scratch[static_cast<size_t>(worker)]);
    });
  };
  const auto block = std::max<int64_t>(1, static_cast<int64_t>(options.block_bytes / target.facts.picture_bytes()));
  return BuildPackedFile(target.path, target.facts, {block, options.stop}, make);
}

}  // namespace

std::unique_ptr<PackedFrames> PackedFrames::OpenIfBuilt(const std::vector<BoundSource>& sources, const Layout& layout,
                                                        const PackedFramesOptions& options) {
  std::unique_ptr<PackedFrames> frames(new PackedFrames);
  for (const BoundSource& source : sources) {
    frames->indices_.emplace_back(source.dataset(), AllEpisodes(source.dataset()));
    frames->files_.emplace_back(layout.cameras.size());
  }
  const std::vector<Target> targets = TargetsOf(sources, layout, options.folder);
  const size_t resident = options.resident_bytes / std::max<size_t>(1, targets.size());
  for (const Target& target : targets) {
    auto file = PackedFile::Open(target.path, target.facts, resident);
    if (!file) return nullptr;
    frames->files_[target.source][target.camera] = std::make_unique<PackedFile>(std::move(*file));
  }
  return frames;
}

std::unique_ptr<PackedFrames> PackedFrames::BuildAndOpen(const std::vector<BoundSource>& sources, const Layout& layout,
                                                         FrameSource& decoder, const PackedFramesOptions& options) {
  RequireWritableFolder(options.folder);
  for (const Target& target : TargetsOf(sources, layout, options.folder)) {
    if (!Build(target, sources[target.source], decoder, options)) return nullptr;
  }
  auto frames = OpenIfBuilt(sources, layout, options);
  HEDDLE_DEMAND(frames != nullptr);
  return frames;
}

std::vector<FrameJob> PackedFrames::Plan(std::vector<FrameRequest> requests) {
  for (FrameRequest& request : requests) {
    request.file_frame = indices_[static_cast<size_t>(request.source)](request.episode, request.frame);
  }
  std::ranges::stable_sort(requests, {}, [](const FrameRequest& request) {
    return std::tuple(request.source, request.camera, request.file_frame);
  });
  std::vector<FrameJob> jobs;
  size_t bytes = kJobBytes;
  for (const FrameRequest& request : requests) {
    if (bytes >= kJobBytes) {
      jobs.emplace_back();
      bytes = 0;
    }
    jobs.back().requests.push_back(request);
    bytes += files_[static_cast<size_t>(request.source)][static_cast<size_t>(request.camera)]->picture_bytes();
  }
  return jobs;
}

void PackedFrames::Run(const FrameJob& job, FrameScratch&) {
  for (const FrameRequest& request : job.requests) {
    files_[static_cast<size_t>(request.source)][static_cast<size_t>(request.camera)]->Read(request.file_frame,
                                                                                           request.out);
  }
}

}  // namespace heddle::mixture
