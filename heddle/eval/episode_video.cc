#include "heddle/eval/episode_video.h"

#include "heddle/data/video/video_writer.h"
#include "heddle/sim/renderer.h"

namespace heddle::eval {
namespace {

constexpr int64_t kSide = 256;  // pixels of one camera's picture
constexpr int64_t kGop = 20;    // looked at from the beginning

// Pictures beside each other, of equal size.
std::vector<uint8_t> SideBySide(const std::vector<data::Image>& images) {
  std::vector<uint8_t> row_major;
  for (int64_t y = 0; y < kSide; ++y) {
    for (const data::Image& image : images) {
      const auto from = image.pixels.begin() + y * kSide * 3;
      row_major.insert(row_major.end(), from, from + kSide * 3);
    }
  }
  return row_major;
}

}  // namespace

void FilmEpisode(const sim::WorldKind& kind, const EpisodeResult& result, const std::filesystem::path& file) {
  std::filesystem::create_directories(file.parent_path());
  sim::World world = kind.NewWorld();
  world.Reset(result.seed);
  sim::Renderer renderer(world.model());
  const std::vector<std::string> cameras = kind.DefaultCameras();
  const auto part = file.parent_path() / ("." + file.filename().string() + ".part.mp4");
  data::EpisodeEncoder encoder(part, {.gop = kGop, .fps = kind.task->facts().control_hz}, kSide,
                               kSide * static_cast<int64_t>(cameras.size()));
  const auto film = [&] {
    renderer.Update(world.data());
    std::vector<data::Image> images;
    for (const std::string& camera : cameras) images.push_back(renderer.Draw(camera, kSide, kSide));
    encoder.Add(SideBySide(images));
  };
  film();
  for (const std::vector<double>& action : result.actions) {
    world.Step(action);
    film();
  }
  encoder.Finish();
  std::filesystem::rename(part, file);
}

}  // namespace heddle::eval
