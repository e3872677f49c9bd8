#include "heddle/sim/film.h"

#include <array>
#include <cstdio>
#include <memory>
#include <system_error>

#include "heddle/core/error.h"
#include "heddle/data/video/video_writer.h"
#include "heddle/sim/montage.h"
#include "heddle/sim/renderer.h"
#include "heddle/sim/sensor.h"

namespace heddle::sim {
namespace {

constexpr int64_t kGop = 20;  // looked at from the beginning
constexpr int64_t kCrf = 18;

// What one camera after the other sees, as one picture.
class Viewer {
 public:
  Viewer(const World& world, const FilmPlan& plan)
      : world_(world),
        plan_(plan),
        renderer_(world.model(), plan.plain ? RenderOptions{} : BeautifulRendering()),
        sensor_(world.gap().visual) {}

  data::Image Look(const std::string& stage) {
    renderer_.Update(world_.data());
    std::vector<data::Image> images;
    for (const std::string& camera : plan_.cameras) {
      if (!plan_.plain) renderer_.SetCaption(images.empty() ? Caption(stage) : camera);
      images.push_back(renderer_.Draw(camera, plan_.height, plan_.width));
      sensor_.Apply(images.back(), SensorNoise(world_.seed(), camera, world_.step()));
    }
    return SideBySide(images);
  }

 private:
  std::string Caption(const std::string& stage) const {
    std::array<char, 40> time{};
    std::snprintf(time.data(), time.size(), "%.2f s",
                  static_cast<double>(world_.step()) / world_.task().facts().control_hz);
    return plan_.cameras.front() + "   " + plan_.strategy + "   " + time.data() + "   " +
           (world_.success() ? "success" : stage);
  }

  const World& world_;
  const FilmPlan& plan_;
  Renderer renderer_;
  Sensor sensor_;
};

void CheckPlan(const World& world, const FilmPlan& plan) {
  if (plan.cameras.empty()) ThrowUsage("a film needs a camera", "--cameras");
  for (const std::string& camera : plan.cameras) CameraOf(world.model(), camera);
  const auto all = static_cast<int64_t>(plan.cameras.size()) * plan.width;
  if (plan.height % 2 != 0 || all % 2 != 0)
    ThrowUsage("a video of " + std::to_string(all) + " x " + std::to_string(plan.height) + " can't be made", "--size",
               "its colour needs even sides");
}

}  // namespace

struct FilmWriter::Parts {
  Parts(const World& world, const FilmPlan& plan, const std::filesystem::path& to)
      : viewer(world, plan), file(to), part(to.parent_path() / ("." + to.filename().string() + ".part.mp4")) {
    const auto width = static_cast<int64_t>(plan.cameras.size()) * plan.width;
    encoder = std::make_unique<data::EpisodeEncoder>(
        part, data::VideoOptions{.gop = kGop, .crf = kCrf, .fps = world.task().facts().control_hz}, plan.height, width);
  }

  Viewer viewer;
  std::filesystem::path file, part;
  std::unique_ptr<data::EpisodeEncoder> encoder;
  int64_t frames = 0;
};

FilmWriter::FilmWriter(const World& world, const FilmPlan& plan, const std::filesystem::path& file) {
  CheckPlan(world, plan);
  parts_ = std::make_unique<Parts>(world, plan, file);
}
FilmWriter::~FilmWriter() = default;

void FilmWriter::Shoot(const std::string& stage) {
  parts_->encoder->Add(parts_->viewer.Look(stage).pixels);
  ++parts_->frames;
}

int64_t FilmWriter::frames() const { return parts_->frames; }

void FilmWriter::Finish() {
  parts_->encoder->Finish();
  std::error_code error;
  std::filesystem::rename(parts_->part, parts_->file, error);
  if (error) ThrowSystem("can't be put in its place", parts_->file.string(), error.value());
}

Film FilmExpert(World& world, const FilmPlan& plan, const std::filesystem::path& file, const StopFlag& stop,
                const std::function<void()>& frame_done) {
  const auto expert = world.task().NewExpert(plan.strategy);
  world.Reset(plan.seed);
  expert->Reset(world, RandomStream(plan.seed, world.task().facts().name).Split("expert"));
  FilmWriter writer(world, plan, file);
  writer.Shoot("");
  while (!world.over() && !world.settled() && !expert->finished() && !stop.requested()) {
    world.Step(expert->Act(world));
    writer.Shoot(expert->stage());
    frame_done();
  }
  writer.Finish();
  Film film;
  film.frames = writer.frames();
  film.stopped = stop.requested();
  film.success_any = world.success_any();
  film.success_end = world.success();
  film.failure = film.success_end ? "none" : world.diverged() ? "diverged" : world.judge().FailureLabel();
  return film;
}

}  // namespace heddle::sim
