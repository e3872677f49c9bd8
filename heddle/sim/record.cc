#include "heddle/sim/record.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/ordered_work.h"
#include "heddle/core/text.h"
#include "heddle/data/dataset.h"
#include "heddle/data/dataset_writer.h"
#include "heddle/data/labels/label_edit.h"
#include "heddle/sim/attempts.h"

namespace heddle::sim {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kAuthor = "sim";
constexpr int64_t kHopelessAttempts = 20;

std::vector<std::string> StrategiesOf(const RecordPlan& plan, const Task& task) {
  const auto known = task.facts().strategies;
  for (const std::string& strategy : plan.strategies) {
    if (std::find(known.begin(), known.end(), strategy) == known.end())
      ThrowUsage("'" + strategy + "' is no strategy of " + task.facts().name, "--strategy",
                 SuggestName(strategy, known));
  }
  return plan.strategies.empty() ? std::vector<std::string>{known.front()} : plan.strategies;
}

// All that decides what the dataset's bytes are, but for how many episodes there will be.
Json PlanJson(const RecordPlan& plan, const WorldKind& kind, const std::vector<std::string>& strategies) {
  const CameraPlan& cameras = plan.frames.cameras;
  return {{"schema", 1},
          {"task", kind.task->facts().name},
          {"task_options", kind.TaskOptions()},
          {"gap", kind.gap.name},
          {"gap_resolved", GapJson(kind.gap.gap)},
          {"actions", ModeName(kind.mode)},
          {"strategies", strategies},
          {"domain", plan.domain},
          {"first_seed", plan.first_seed},
          {"cameras", cameras.cameras},
          {"size", {cameras.width, cameras.height}},
          {"depth", cameras.depth},
          {"pictures_only", plan.frames.pictures_only},
          {"simulator", SimulatorVersion()}};
}

data::DatasetWriter OpenWriter(const std::filesystem::path& folder, const World& world, const RecordPlan& plan) {
  if (std::filesystem::exists(folder / "meta" / "info.json")) {
    data::DatasetWriter begun = data::DatasetWriter::Resume(folder);
    // The journal follows the dataset: killed in between, there is a dataset without episodes.
    if (begun.num_episodes() > 0 && !std::filesystem::exists(AttemptsFile(folder)))
      ThrowUsage("holds a dataset that was not recorded here", folder.string(), "name another folder");
    return begun;
  }
  data::WriterOptions options;
  options.fps = world.task().facts().control_hz;
  options.robot_type = world.embodiment().facts().name;
  options.features = FeaturesOf(world, plan.frames);
  return data::DatasetWriter::Create(folder, options);
}

// What one thread simulates and looks with.
struct Station {
  Station(const WorldKind& kind, const CameraPlan& cameras) : world(kind.NewWorld()), rig(world, cameras) {}
  World world;
  CameraRig rig;
};

class Recording {
 public:
  Recording(const RecordPlan& plan, const std::filesystem::path& folder)
      : plan_(plan),
        folder_(folder),
        kind_(WorldKind::Of(plan.world)),
        strategies_(StrategiesOf(plan, *kind_.task)),
        writer_(OpenWriter(folder, Checked(plan, kind_), plan)),
        journal_(AttemptsFile(folder), PlanJson(plan, kind_, strategies_)) {
    for (const Attempt& attempt : journal_.attempts()) successes_ += attempt.episode ? 1 : 0;
  }

  RecordOutcome Run(const ThreadBudget& budget, const StopFlag& stop,
                    const std::function<void(const std::string&)>& episode_done) {
    for (int64_t i = 0; i < std::min(successes_, plan_.demos); ++i) episode_done("");
    const auto first = static_cast<int64_t>(journal_.attempts().size());
    if (successes_ < plan_.demos) {
      OrderedWork<Demonstration>::Run(
          budget, first, budget.threads(),
          [&] {
            auto station = std::make_shared<Station>(kind_, plan_.frames.cameras);
            return [this, station](int64_t number) { return Simulate(*station, number); };
          },
          [&](int64_t number, Demonstration demo) {
            if (Take(number, demo)) episode_done(Rate());
            return successes_ < plan_.demos;
          },
          &stop);
    }
    RecordOutcome outcome{.episodes = writer_.info().total_episodes,
                          .frames = writer_.info().total_frames,
                          .attempts = static_cast<int64_t>(journal_.attempts().size()),
                          .stopped = successes_ < plan_.demos};
    return outcome;
  }

  void Annotate() const;

 private:
  // A first world: tells what is wrong with the plan before anything is written.
  static World Checked(const RecordPlan& plan, const WorldKind& kind) {
    World world = kind.NewWorld();
    const CameraRig rig(world, plan.frames.cameras);
    return world;
  }

  Demonstration Simulate(Station& station, int64_t number) const {
    const auto index = static_cast<size_t>(number);
    return Demonstrate(station.world, station.rig, strategies_[index % strategies_.size()],
                       plan_.first_seed + static_cast<uint64_t>(number), plan_.frames);
  }

  // True if it became an episode.
  bool Take(int64_t number, const Demonstration& demo) {
    std::optional<int64_t> episode;
    if (demo.success_end) {
      episode = successes_;
      // It is there already if the machine stopped between saving it and saying so.
      if (*episode >= writer_.num_episodes()) {
        for (const data::FrameValues& frame : demo.frames) writer_.AddFrame(frame);
        writer_.SaveEpisode();
      }
      ++successes_;
    }
    journal_.Add(Attempt::Of(number, demo, episode));
    const auto attempts = static_cast<int64_t>(journal_.attempts().size());
    if (attempts >= kHopelessAttempts && successes_ * 10 < attempts) {
      ThrowInput(
          "the expert succeeded in " + std::to_string(successes_) + " of " + std::to_string(attempts) + " attempts",
          kind_.TaskText() + " under gap " + kind_.gap.name, "choose a smaller gap");
    }
    return episode.has_value();
  }

  std::string Rate() const {
    return std::to_string(successes_) + " of " + std::to_string(journal_.attempts().size()) + " attempts succeeded";
  }

  const RecordPlan& plan_;
  std::filesystem::path folder_;
  WorldKind kind_;
  std::vector<std::string> strategies_;
  data::DatasetWriter writer_;
  AttemptJournal journal_;
  int64_t successes_ = 0;
};

// The labels of a recording, as its journal has them.
class Tags {
 public:
  explicit Tags(std::string place) : place_(std::move(place)) { edit_.replace = true; }

  void OfDataset(const std::string& key, const std::string& value) {
    Add(-1, {}, data::LabelLevel::kDataset, key, value);
  }
  void OfEpisode(int64_t episode, const std::string& key, const std::string& value) {
    Add(episode, {.stage = {}, .from_frame = 0, .to_frame = -1}, data::LabelLevel::kEpisode, key, value);
  }
  void OfStage(int64_t episode, const StageSpan& span) {
    Add(episode, span, data::LabelLevel::kSubtask, "stage", span.stage);
  }
  const data::LabelEdit& edit() const { return edit_; }

 private:
  void Add(int64_t episode, const StageSpan& span, data::LabelLevel level, const std::string& key,
           const std::string& value) {
    data::Label label;
    label.episode = episode;
    label.from_frame = span.from_frame;
    label.to_frame = episode < 0 ? -1 : span.to_frame;
    label.level = level;
    label.key = key;
    label.value = value;
    label.by = kAuthor;
    edit_.add.push_back({label, place_});
  }

  std::string place_;
  data::LabelEdit edit_;
};

void Recording::Annotate() const {
  Tags tags(AttemptsFile(folder_).string());
  tags.OfDataset("domain", plan_.domain);
  tags.OfDataset("task", kind_.TaskText());
  tags.OfDataset("gap", kind_.gap.name);
  tags.OfDataset("embodiment", kind_.gap.gap.embodiment);
  for (const Attempt& attempt : journal_.attempts()) {
    if (!attempt.episode) continue;
    tags.OfEpisode(*attempt.episode, "strategy", attempt.strategy);
    tags.OfEpisode(*attempt.episode, "seed", std::to_string(attempt.seed));
    tags.OfEpisode(*attempt.episode, "success", "true");
    for (const StageSpan& span : attempt.stages) tags.OfStage(*attempt.episode, span);
  }
  data::EditLabels(data::Dataset::Open(folder_.string()), tags.edit());
}

}  // namespace

RecordOutcome RecordDemonstrations(const RecordPlan& plan, const std::filesystem::path& folder,
                                   const ThreadBudget& budget, const StopFlag& stop,
                                   const std::function<void(const std::string& note)>& episode_done) {
  if (plan.demos < 1) ThrowUsage("at least one demonstration is needed", "--demos");
  if (plan.frames.pictures_only && plan.frames.cameras.cameras.empty())
    ThrowUsage("a recording of pictures only needs a camera", "--pictures-only", "name one with --cameras");
  const CameraPlan& cameras = plan.frames.cameras;
  if (!cameras.cameras.empty() && (cameras.height % 2 != 0 || cameras.width % 2 != 0)) {
    ThrowUsage("pictures of " + std::to_string(cameras.width) + "x" + std::to_string(cameras.height) +
                   " can't be a dataset's video, whose colour needs even sides",
               "--size", "give even numbers");
  }
  Recording recording(plan, folder);
  const RecordOutcome outcome = recording.Run(budget, stop, episode_done);
  if (outcome.episodes > 0) recording.Annotate();
  return outcome;
}

}  // namespace heddle::sim
