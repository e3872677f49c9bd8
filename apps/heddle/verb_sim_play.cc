// heddle sim play: an expert's episode as a film.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/heddle/sim_flags.h"
#include "apps/heddle/verb.h"
#include "heddle/core/atomic_file.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/progress.h"
#include "heddle/core/stop.h"
#include "heddle/core/text.h"
#include "heddle/sim/film.h"
#include "heddle/sim/gl_context.h"

namespace heddle::cli {
namespace {

struct PlayFlags {
  WorldFlags world;
  std::vector<std::string> cameras;
  std::string strategy, size = "480x480", out;
  int64_t seed = 0;
  bool plain = false, json = false;
};

sim::FilmPlan PlanOf(const PlayFlags& flags, const sim::World& world) {
  const PictureSize size = ParseSize(flags.size);
  sim::FilmPlan plan{.strategy = flags.strategy,
                     .seed = static_cast<uint64_t>(flags.seed),
                     .cameras = flags.cameras,
                     .height = size.height,
                     .width = size.width,
                     .plain = flags.plain};
  if (plan.strategy.empty()) plan.strategy = world.task().facts().strategies.front();
  if (plan.cameras.empty()) plan.cameras = {"frontview", world.embodiment().facts().own_camera};
  return plan;
}

// Before the work, so that it is not lost.
void RequireWritable(const std::filesystem::path& file) {
  if (file.extension() != ".mp4") ThrowUsage("is no name of an MP4", "--out " + file.string(), "end it in .mp4");
  if (std::filesystem::is_directory(file)) ThrowUsage("is a folder", "--out " + file.string(), "name a file");
  RequireWritableFolder(file.has_parent_path() ? file.parent_path() : ".");
}

void Print(const PlayFlags& flags, const sim::FilmPlan& plan, const sim::Film& film, const Console& console) {
  if (flags.json) {
    console.out << DumpJson({{"video", flags.out},
                             {"frames", film.frames},
                             {"strategy", plan.strategy},
                             {"seed", plan.seed},
                             {"success_any", film.success_any},
                             {"success_end", film.success_end},
                             {"failure", film.failure},
                             {"renderer", sim::Describe(sim::LookAtRendering().facts)},
                             {"stopped", film.stopped}},
                            2)
                << "\n";
    return;
  }
  console.out << flags.out << ": " << Counted(film.frames, "frame") << ", " << plan.strategy << ", seed " << plan.seed
              << ", "
              << (film.stopped       ? "stopped"
                  : film.success_end ? "success"
                                     : "failed: " + film.failure)
              << "\n";
}

int Run(const PlayFlags& flags, const Console& console) {
  const sim::WorldKind kind = sim::WorldKind::Of(flags.world.Spec());
  sim::World world = kind.NewWorld();
  const sim::FilmPlan plan = PlanOf(flags, world);
  RequireWritable(flags.out);
  Progress progress("filming", kind.task->facts().horizon, SteadyClock(), console.err, DetectProgressStyle());
  StopFlag stop;
  const InterruptScope interrupt(stop);
  const sim::Film film = sim::FilmExpert(world, plan, flags.out, stop, [&] { progress.Advance(); });
  progress.Finish();
  Print(flags, plan, film, console);
  return film.stopped ? 128 + interrupt.signal() : kExitDone;
}

VerbRun Add(CLI::App& app) {
  const auto flags = std::make_shared<PlayFlags>();
  flags->world.AddTo(app);
  app.add_option("--strategy", flags->strategy, "of the expert (default: the task's first)")->type_name("NAME");
  app.add_option("--seed", flags->seed, "of the episode (default: 0)")
      ->type_name("N")
      ->check(CLI::Range(int64_t{0}, int64_t{1} << 53));
  app.add_option("--cameras", flags->cameras, "side by side (default: frontview and the body's own)")
      ->type_name("LIST")
      ->delimiter(',');
  app.add_option("--size", flags->size, "of each picture, width by height")->type_name("WxH")->capture_default_str();
  app.add_flag("--plain", flags->plain, "as policies see it: no shadows, no sky, no caption");
  app.add_option("--out", flags->out, "the video")->required()->type_name("FILE.mp4");
  AddJsonFlag(app, flags->json);
  return [flags](const Console& console) { return Run(*flags, console); };
}

}  // namespace

Verb SimPlayVerb() {
  return {.name = "sim play",
          .group = VerbGroup::kSim,
          .reads = "nothing",
          .leaves = "a video of an expert at its task",
          .about =
              "Films an episode of a scripted expert, so that one can look at a task, a gap, a strategy: the episode "
              "that `heddle sim record` would record from the same seed.",
          .example = "heddle sim play nut_assembly --gap visual --strategy fast-rim --out play.mp4",
          .add = Add};
}

}  // namespace heddle::cli
