#include "heddle/mixture/frame_source.h"

namespace heddle::mixture {

std::string WhereOf(const FrameRequest& request, const std::vector<BoundSource>& sources) {
  const BoundSource& source = sources[static_cast<size_t>(request.source)];
  const data::Feature* feature = source.cameras[static_cast<size_t>(request.camera)];
  return source.where() + ", episode " + std::to_string(request.episode) + ", frame " + std::to_string(request.frame) +
         (feature == nullptr ? "" : ", " + feature->name);
}

void RethrowAt(const Error& error, const std::string& where) {
  throw Error(error.kind(), error.message(), error.where().empty() ? where : where + ": " + error.where(),
              error.mend());
}

size_t PictureBytes(const CameraLayout& camera) { return static_cast<size_t>(camera.height * camera.width * 3); }

}  // namespace heddle::mixture
