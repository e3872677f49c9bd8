#include "heddle/eval/episode_video.h"

#include "heddle/sim/film.h"

namespace heddle::eval {

void FilmEpisode(const sim::WorldKind& kind, const EpisodeResult& result, const std::string& policy,
                 const std::filesystem::path& file) {
  constexpr int64_t kSide = 256;
  std::filesystem::create_directories(file.parent_path());
  sim::World world = kind.NewWorld();
  world.Reset(result.seed);
  const sim::FilmPlan plan = {.strategy = policy,
                              .seed = result.seed,
                              .cameras = kind.DefaultCameras(),
                              .height = kSide,
                              .width = kSide,
                              .plain = true};
  sim::FilmWriter film(world, plan, file);
  film.Shoot("");
  for (const std::vector<double>& action : result.actions) {
    world.Step(action);
    film.Shoot("");
  }
  film.Finish();
}

}  // namespace heddle::eval
