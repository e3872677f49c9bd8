// Each fault, planted alone into a dataset in memory, at three strengths where it has one: it is found, and nothing
// else is called an error.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "heddle/data/audit/check.h"
#include "heddle/data/test/audit_world.h"

namespace heddle::data::audit {
namespace {

std::string Show(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings.Sorted()) {
    text += std::string(SeverityName(finding.severity)) + " " + finding.code + ": " + finding.what + "\n";
  }
  return text;
}

// Found at least once, and the only kind of error and of warning.
void ExpectOnly(const std::string& code, const World& world) {
  const Findings findings = RunChecks(world.facts, world.episodes);
  EXPECT_GT(findings.Count(code), 0) << "no " << code << " among:\n" << Show(findings);
  for (const Finding& finding : findings.Sorted()) {
    if (finding.severity == Severity::kNote) continue;
    EXPECT_EQ(finding.code, code) << finding.what;
    EXPECT_FALSE(finding.effect.empty());
    EXPECT_FALSE(finding.mend.empty());
    EXPECT_EQ(finding.mend.find("{dataset}"), std::string::npos);
  }
}

double& Value(World& world, const std::string& feature, int64_t episode, int64_t frame, int64_t dim) {
  Numbers& numbers = world.episodes[static_cast<size_t>(episode)].numbers[feature];
  return numbers.values[static_cast<size_t>(frame * numbers.dims + dim)];
}

template <class F>
void ForEachValue(World& world, const std::string& feature, int64_t dim, F change) {
  for (EpisodeData& episode : world.episodes) {
    Numbers& numbers = episode.numbers[feature];
    for (int64_t row = 0; row < numbers.rows; ++row) {
      double& value = numbers.values[static_cast<size_t>(row * numbers.dims + dim)];
      value = change(value);
    }
  }
}

const std::string kCamera = "observation.images.cam0";

TEST(AuditChecks, FindNothingInCleanDatasets) {
  int64_t warned = 0, worlds = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    RandomStream stream(seed, "options");
    const std::vector<double> rates = {10, 15, 20, 30, 50};
    const WorldOptions options{.seed = seed,
                               .episodes = 4 + static_cast<int64_t>(stream.Below(8)),
                               .length = 40 + static_cast<int64_t>(stream.Below(80)),
                               .dims = 2 + static_cast<int64_t>(stream.Below(8)),
                               .cameras = static_cast<int64_t>(stream.Below(3)),
                               .fps = rates[stream.Below(5)],
                               .noise = std::pow(10, -4 + 2.5 * stream.Uniform()),
                               .delta = stream.Below(2) == 1,
                               .lag = static_cast<int64_t>(stream.Below(4))};
    const World world = MakeWorld(options);
    const Findings findings = RunChecks(world.facts, world.episodes);
    EXPECT_EQ(findings.Count(Severity::kError), 0) << "seed " << seed << "\n" << Show(findings);
    if (findings.Count(Severity::kWarning) > 0) std::cout << "seed " << seed << "\n" << Show(findings);
    warned += findings.Count(Severity::kWarning) > 0;
    ++worlds;
  }
  EXPECT_LE(20 * warned, worlds);
}

TEST(AuditChecks, FindNotANumber) {
  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    World world = MakeWorld();
    Value(world, "action", 3, 17, 2) = bad;
    ExpectOnly("not-finite", world);
    const auto findings = RunChecks(world.facts, world.episodes).Sorted();
    EXPECT_EQ(findings[0].place.episode, 3);
    EXPECT_EQ(findings[0].place.frame, 17);
    EXPECT_THAT(findings[0].what, testing::HasSubstr("joint_2"));
  }
}

TEST(AuditChecks, FindConstantAndNearlyConstantDimensions) {
  World still = MakeWorld();
  ForEachValue(still, "observation.state", 1, [](double) { return 0.7; });
  AddStatistics(still);
  ExpectOnly("constant-dimension", still);
  for (const double noise : {1e-4, 1e-5, 1e-6}) {
    World world = MakeWorld();
    RandomStream stream(1, "noise");
    ForEachValue(world, "observation.state", 1, [&](double) { return 0.7 + noise * stream.Normal(); });
    AddStatistics(world);
    ExpectOnly("nearly-constant-dimension", world);
    const auto evidence = RunChecks(world.facts, world.episodes).Sorted()[0].evidence;
    EXPECT_GT(evidence["factor"].get<double>(), 0.5 / noise);
  }
}

TEST(AuditChecks, FindClippedActions) {
  for (const double share : {0.3, 0.1, 0.04}) {
    World world = MakeWorld({.episodes = 20});
    std::vector<double> values;
    ForEachValue(world, "action", 1, [&](double v) { return values.push_back(v), v; });
    std::sort(values.begin(), values.end());
    const double limit = values[static_cast<size_t>((1 - share) * static_cast<double>(values.size()))];
    ForEachValue(world, "action", 1, [&](double v) { return std::min(v, limit); });
    AddStatistics(world);
    ExpectOnly("clipped-action", world);
  }
}

TEST(AuditChecks, LeaveAShutGripperAndARestingArmAlone) {
  World world = MakeWorld();
  for (EpisodeData& episode : world.episodes) {
    Numbers& action = episode.numbers["action"];
    for (int64_t row = 0; row < action.rows; ++row) {
      double& gripper = action.values[static_cast<size_t>(row * action.dims + 5)];
      gripper = gripper > 0.5 ? 1 : 0;
      if (row < 20) action.values[static_cast<size_t>(row * action.dims)] = -3;  // at home, which is its least value
    }
  }
  AddStatistics(world);
  EXPECT_EQ(RunChecks(world.facts, world.episodes).Count("clipped-action"), 0);
}

TEST(AuditChecks, FindTimestampFaults) {
  for (const double jitter_s : {0.01, 0.002, 0.0003}) {
    World world = MakeWorld();
    RandomStream stream(2, "jitter");
    ForEachValue(world, "timestamp", 0, [&](double t) { return t + jitter_s * stream.Uniform(); });
    ExpectOnly("timestamp-jitter", world);
  }
  World late = MakeWorld({.fps = 20});  // steps of up to 1.6 periods, and no frame is lost
  RandomStream around(3, "jitter");
  ForEachValue(late, "timestamp", 0, [&](double t) { return t + 0.015 * (2 * around.Uniform() - 1); });
  ExpectOnly("timestamp-jitter", late);
  for (const int lost : {30, 5, 1}) {
    World world = MakeWorld();
    for (int64_t frame = 25; frame < world.episodes[2].length; ++frame) {
      Value(world, "timestamp", 2, frame, 0) += lost / world.facts.info.fps;
    }
    ExpectOnly("timestamp-gap", world);
  }
  World back = MakeWorld();
  Value(back, "timestamp", 1, 30, 0) = Value(back, "timestamp", 1, 29, 0);
  ExpectOnly("timestamp-backwards", back);
}

TEST(AuditChecks, FindALostFrameInAClockThatJitters) {
  World world = MakeWorld({.fps = 20});
  RandomStream stream(4, "jitter");
  ForEachValue(world, "timestamp", 0, [&](double t) { return t + 0.005 * stream.Uniform(); });
  for (int64_t frame = 25; frame < world.episodes[2].length; ++frame) Value(world, "timestamp", 2, frame, 0) += 0.05;
  const Findings findings = RunChecks(world.facts, world.episodes);
  EXPECT_EQ(findings.Count("timestamp-gap"), 1) << Show(findings);
}

TEST(AuditChecks, SayThatADatasetIsEmpty) { ExpectOnly("no-episodes", MakeWorld({.episodes = 0})); }

TEST(AuditChecks, BearTheRoundingOfLongEpisodesTimes) {
  World world = MakeWorld({.episodes = 1, .length = 60'000, .dims = 2, .cameras = 0});
  EXPECT_EQ(RunChecks(world.facts, world.episodes).Count(Severity::kWarning), 0);
}

TEST(AuditChecks, FindWrongAndStaleStatistics) {
  for (const double off : {10.0, 0.5, 0.05}) {
    World mean = MakeWorld();
    auto& statistics = (*mean.facts.statistics)["action"];
    statistics.mean[1] += off * statistics.std[1];
    ExpectOnly("statistics-wrong", mean);
    World spread = MakeWorld();
    (*spread.facts.statistics)["observation.state"].std[0] *= 1 + off;
    ExpectOnly("statistics-wrong", spread);
  }
  World stale = MakeWorld();
  (*stale.facts.statistics)["action"].count -= 60;
  ExpectOnly("statistics-stale", stale);
  World none = MakeWorld();
  none.facts.statistics.reset();
  ExpectOnly("statistics-missing", none);
  World shape = MakeWorld();
  (*shape.facts.statistics)["action"].mean.pop_back();
  ExpectOnly("statistics-wrong", shape);
}

TEST(AuditChecks, FindFaultsOfTasks) {
  World range = MakeWorld();
  Value(range, "task_index", 4, 10, 0) = 2;
  ExpectOnly("task-index-out-of-range", range);
  World empty = MakeWorld();
  empty.facts.tasks[1] = "  ";
  for (Episode& episode : empty.facts.episodes) episode.tasks.clear();
  ExpectOnly("task-empty", empty);
  World doubled = MakeWorld();
  doubled.facts.tasks[1] = doubled.facts.tasks[0];
  for (Episode& episode : doubled.facts.episodes) episode.tasks.clear();
  ExpectOnly("task-doubled", doubled);
  World contradiction = MakeWorld();
  contradiction.facts.episodes[5].tasks = {contradiction.facts.tasks[0]};
  ExpectOnly("task-contradiction", contradiction);
}

TEST(AuditChecks, FindVideosThatAreShortOverlappingOrLong) {
  for (const int64_t lost : {1, 10, 100}) {
    World world = MakeWorld();
    world.facts.video_files[0].num_frames -= lost;
    ExpectOnly("video-short", world);
  }
  for (const int64_t frames : {1, 10, 40}) {
    World world = MakeWorld();
    auto& place = world.facts.episodes[3].videos[kCamera];
    place.from_s -= static_cast<double>(frames) / world.facts.info.fps;
    place.to_s -= static_cast<double>(frames) / world.facts.info.fps;
    const Findings findings = RunChecks(world.facts, world.episodes);
    EXPECT_EQ(findings.Count("video-overlap"), 1);
    EXPECT_EQ(findings.Count(Severity::kError), 1) << Show(findings);
  }
  World longer = MakeWorld();
  longer.facts.video_files[1].num_frames += 5;
  ExpectOnly("video-frames-unused", longer);
  World span = MakeWorld();
  span.facts.episodes[2].videos[kCamera].to_s += 0.5;
  ExpectOnly("video-span", span);
}

TEST(AuditChecks, FindVideosOutOfStep) {
  const double period_s = 1 / WorldOptions{}.fps;
  for (const double periods : {10.0, 1.0, 0.6}) {
    World world = MakeWorld();
    world.episodes[1].cameras[kCamera].worst_drift_s = periods * period_s;
    ExpectOnly("video-out-of-step", world);
  }
  for (const double periods : {0.4, 0.1, 0.01}) {
    World world = MakeWorld();
    world.episodes[1].cameras[kCamera].worst_drift_s = -periods * period_s;
    ExpectOnly("video-drift", world);
  }
}

TEST(AuditChecks, FindVideosOfAnotherRateOrSize) {
  for (const double factor : {2.0, 0.5, 1.05}) {
    World world = MakeWorld();
    world.facts.video_files[0].fps *= factor;
    ExpectOnly("video-rate", world);
  }
  World size = MakeWorld();
  size.facts.video_files[0].height = 48;
  ExpectOnly("video-size", size);
  World codec = MakeWorld();
  auto second = codec.facts.video_files[0];
  second.file = "videos/other.mp4";
  second.codec = "av1";
  second.num_frames = 0;
  codec.facts.video_files.push_back(second);
  EXPECT_EQ(RunChecks(codec.facts, codec.episodes).Count("video-codec-mixed"), 1);
}

TEST(AuditChecks, FindBlackBlankAndUnreadablePictures) {
  for (const size_t count : {1, 5, 60}) {
    World black = MakeWorld();
    for (size_t i = 0; i < count; ++i) {
      auto& frame = black.episodes[2].cameras[kCamera].frames[i];
      frame =
          FrameFacts{.frame = frame.frame, .mean = 1.2, .deviation = 0.4, .change = 30, .thumb_mean = frame.thumb_mean};
    }
    ExpectOnly("frames-black", black);
    World blank = MakeWorld();
    for (size_t i = 0; i < count; ++i) blank.episodes[2].cameras[kCamera].frames[i].deviation = 0;
    ExpectOnly("frames-blank", blank);
  }
  World unreadable = MakeWorld();
  unreadable.episodes[2].cameras[kCamera].unreadable.push_back({5, "the packet is broken"});
  ExpectOnly("frame-unreadable", unreadable);
}

TEST(AuditChecks, FindAFrozenCamera) {
  for (const double share : {1.0, 0.5, 0.25}) {
    World world = MakeWorld({.length = 120});
    auto& frames = world.episodes[4].cameras[kCamera].frames;
    const auto from = static_cast<size_t>((1 - share) * static_cast<double>(frames.size() - 1));
    for (size_t i = from + 1; i < frames.size(); ++i) {
      frames[i].thumb_mean = frames[from].thumb_mean;
      frames[i].change = 0.01;
    }
    const Findings findings = RunChecks(world.facts, world.episodes);
    EXPECT_EQ(findings.Count("frames-frozen"), 1) << share << "\n" << Show(findings);
    EXPECT_EQ(findings.Count(Severity::kError), 0);
  }
}

TEST(AuditChecks, FindRepeatedFrames) {
  for (const uint64_t every : {2, 5, 15}) {
    World world = MakeWorld({.noise = 1e-4});
    for (EpisodeData& episode : world.episodes) {
      auto& frames = episode.cameras[kCamera].frames;
      for (size_t i = every; i < frames.size(); i += every) {
        frames[i] = frames[i - 1];
        frames[i].frame = static_cast<int64_t>(i);
        frames[i].change = 0;
      }
    }
    ExpectOnly("frames-repeated", world);
  }
}

TEST(AuditChecks, FindMissingFilesAndColumns) {
  World footerless = MakeWorld();
  footerless.facts.data_files[0].footerless = true;
  ExpectOnly("data-file-footerless", footerless);
  World missing = MakeWorld();
  missing.facts.data_files[0].exists = false;
  ExpectOnly("data-file-missing", missing);
  World broken = MakeWorld();
  broken.facts.data_files[0].error = "the page is broken";
  ExpectOnly("data-file-unreadable", broken);
  World no_video = MakeWorld();
  no_video.facts.video_files[1].exists = false;
  ExpectOnly("video-file-missing", no_video);
  World broken_video = MakeWorld();
  broken_video.facts.video_files[1].error = "not a video";
  ExpectOnly("video-file-unreadable", broken_video);
  World column = MakeWorld();
  column.facts.data_files[0].columns.erase(column.facts.data_files[0].columns.begin());
  ExpectOnly("column-missing", column);
  World extra = MakeWorld();
  extra.facts.data_files[0].columns.push_back("note");
  ExpectOnly("column-undeclared", extra);
  World unreadable = MakeWorld();
  unreadable.episodes[0].unreadable["action"] = "a list of 5 where 6 are declared";
  ExpectOnly("feature-unreadable", unreadable);
  World counted = MakeWorld();
  counted.facts.statistics.reset();
  counted.facts.episode_statistics = true;
  counted.facts.info.total_frames += 1;
  ExpectOnly("frames-counted-wrong", counted);
  World orphan = MakeWorld();
  orphan.facts.orphans = {"data/file-009.parquet"};
  EXPECT_EQ(RunChecks(orphan.facts, orphan.episodes).Count("orphan-file"), 1);
}

Label LabelOf(int64_t episode, LabelLevel level, std::string key, std::string value) {
  Label label;
  label.episode = episode;
  label.level = level;
  label.key = std::move(key);
  label.value = std::move(value);
  return label;
}

World Labelled(std::vector<Label> labels) {
  World world = MakeWorld();
  std::vector<int64_t> lengths;
  for (const Episode& episode : world.facts.episodes) lengths.push_back(episode.length);
  world.facts.labels.emplace(std::move(labels), lengths, "world");
  return world;
}

TEST(AuditChecks, FindFaultsOfLabels) {
  const Label domain = LabelOf(-1, LabelLevel::kDataset, "domain", "lab");
  const World good = Labelled({domain});
  EXPECT_TRUE(RunChecks(good.facts, good.episodes).Sorted().empty());
  ExpectOnly("labels-partial", Labelled({domain, LabelOf(2, LabelLevel::kEpisode, "strategy", "fast")}));
  ExpectOnly("labels-contradictory", Labelled({domain, LabelOf(-1, LabelLevel::kDataset, "domain", "kitchen")}));
  World unreadable = MakeWorld();
  unreadable.facts.labels_error = "names frames that are not there";
  ExpectOnly("labels-unreadable", unreadable);
}

}  // namespace
}  // namespace heddle::data::audit
