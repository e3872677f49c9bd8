// Where a batch's pictures come from. Three ways to hold them stand behind this interface: decoded when they are needed
// (decoded_frames.h), decoded once into a file (packed_frames.h), decoded once into memory (memory_frames.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/core/error.h"
#include "heddle/mixture/bound_source.h"

namespace heddle::mixture {

// One picture, and where it belongs: height * width * 3 bytes of the camera's size in the layout.
struct FrameRequest {
  int32_t source = 0, camera = 0;
  int64_t episode = 0, frame = 0;  // the dataset's own frame
  uint8_t* out = nullptr;

  // Filled in by Plan, as the source of frames needs it: a file of its own list, the frame in it, and its time there.
  int32_t file = -1;
  int64_t file_frame = 0;
  double file_time_s = 0;
};

// Requests that are best served together, by one thread.
struct FrameJob {
  std::vector<FrameRequest> requests;
};

// Memory that a thread works in, kept from job to job.
struct FrameScratch {
  std::vector<uint8_t> pixels;
  std::vector<int16_t> line;
};

// "source S, episode E, frame F, CAMERA", for errors.
std::string WhereOf(const FrameRequest& request, const std::vector<BoundSource>& sources);
// Throws the error again with that in front of its place.
[[noreturn]] void RethrowAt(const Error& error, const std::string& where);
// height * width * 3 of a camera.
size_t PictureBytes(const CameraLayout& camera);

class FrameSource {
 public:
  virtual ~FrameSource() = default;
  // Deals a batch's requests out to jobs, the same for the same requests. Errors are kInput with source, episode,
  // frame.
  virtual std::vector<FrameJob> Plan(std::vector<FrameRequest> requests) = 0;
  // May be called by several threads at once, each with its own job and scratch.
  virtual void Run(const FrameJob& job, FrameScratch& scratch) = 0;
};

}  // namespace heddle::mixture
