#include <sys/stat.h>

#include <cerrno>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/sha256.h"
#include "heddle/mixture/packed_frames.h"

namespace heddle::mixture {
namespace {

using nlohmann::ordered_json;

constexpr int kFormat = 1;  // goes up when the same files give other pictures: another decoder or resizing
constexpr size_t kHeadBytes = 65536;

// By content where a seal tells it: copies of a sealed dataset share their packed files. Else by what a stat and the
// file's head tell.
ordered_json Identity(const data::Dataset& dataset, const std::string& name) {
  if (const auto hash = dataset.SealedHashOf(name)) return {name, *hash};
  const std::filesystem::path file = dataset.root() / name;
  struct stat facts{};
  if (stat(file.c_str(), &facts) != 0) ThrowSystem("cannot look at this file", file.string(), errno);
  std::string head(kHeadBytes, '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<size_t>(stream.gcount()));
  return {name, static_cast<int64_t>(facts.st_size), static_cast<int64_t>(facts.st_mtim.tv_sec),
          static_cast<int64_t>(facts.st_mtim.tv_nsec), Sha256Hex(head)};
}

}  // namespace

std::string PackedKey(const BoundSource& source, const Layout& layout, size_t camera) {
  const data::Feature& feature = *source.cameras[camera];
  const data::Dataset& dataset = source.dataset();
  std::set<std::string> names;
  ordered_json episodes = ordered_json::array();
  for (const data::Episode& episode : dataset.episodes()) {
    if (feature.kind == data::FeatureKind::kVideo) {
      const auto& place = episode.videos.at(feature.name);
      names.insert(place.file);
      episodes.push_back({place.file, std::llround(place.from_s * dataset.info().fps), episode.length});
    } else {
      names.insert(episode.data_file);
      episodes.push_back({episode.data_file, episode.row_in_file, episode.length});
    }
  }
  // Not through Dataset::FileOf, which would hash the whole of a sealed file.
  ordered_json files = ordered_json::array();
  for (const std::string& name : names) files.push_back(Identity(dataset, name));
  const CameraLayout& to = layout.cameras[camera];
  const ordered_json key = {{"format", kFormat},
                            {"feature", feature.name},
                            {"files", files},
                            {"episodes", episodes},
                            {"height", to.height},
                            {"width", to.width},
                            {"fit", static_cast<int>(to.fit)}};
  return Sha256Hex(CanonicalJson(key));
}

}  // namespace heddle::mixture
