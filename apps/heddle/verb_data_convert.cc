// heddle data convert: a dataset written anew as LeRobot v3.0.
#include <CLI/CLI.hpp>
#include <cmath>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>

#include "apps/heddle/verb.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/progress.h"
#include "heddle/core/stop.h"
#include "heddle/core/text.h"
#include "heddle/data/convert.h"
#include "heddle/data/episode_list.h"

namespace heddle::cli {
namespace {

struct ConvertFlags {
  std::string dataset, out, episodes, codec;
  std::optional<std::int64_t> crf, gop;
  bool json = false;
};

data::ConvertPlan PlanOf(const ConvertFlags& flags, const data::Dataset& source) {
  data::ConvertPlan plan{.episodes = {}, .codec = std::nullopt, .crf = flags.crf, .gop = flags.gop};
  const auto count = static_cast<int64_t>(source.episodes().size());
  if (!flags.episodes.empty()) {
    plan.episodes = data::ParseEpisodeList(flags.episodes, count);
  } else {
    plan.episodes.resize(static_cast<size_t>(count));
    std::iota(plan.episodes.begin(), plan.episodes.end(), 0);
  }
  if (flags.codec == "h264") plan.codec = data::VideoCodec::kH264;
  if (flags.codec == "av1") plan.codec = data::VideoCodec::kAv1;
  if (!flags.codec.empty() && !plan.codec) {
    const std::vector<std::string> codecs = {"h264", "av1"};
    ThrowUsage("'" + flags.codec + "' is not written", "--codec", SuggestName(flags.codec, codecs));
  }
  return plan;
}

int Run(const ConvertFlags& flags, const Console& console) {
  const data::Dataset source = data::Dataset::Open(flags.dataset);
  const data::ConvertPlan plan = PlanOf(flags, source);
  Progress progress("writing episodes", static_cast<int64_t>(plan.episodes.size()), SteadyClock(), console.err,
                    DetectProgressStyle());
  StopFlag stop;
  const InterruptScope interrupt(stop);
  const auto outcome = data::ConvertDataset(source, plan, flags.out, stop, [&] { progress.Advance(); });
  progress.Finish();
  if (flags.json) {
    console.out << DumpJson({{"dataset", flags.out},
                             {"episodes", outcome.episodes},
                             {"frames", outcome.frames},
                             {"most_time_change_s", outcome.most_time_change_s},
                             {"stopped", outcome.stopped}},
                            2)
                << "\n";
  } else {
    console.out << flags.out << ": " << Counted(outcome.episodes, "episode") << ", " << Counted(outcome.frames, "frame")
                << (outcome.stopped ? "; stopped, and the same command goes on" : "") << "\n";
    constexpr double kNoteworthy_s = 1e-4;
    if (outcome.most_time_change_s > kNoteworthy_s) {
      console.out << "timestamps are frame / fps now; the source's were off by up to "
                  << FormatDouble(std::round(outcome.most_time_change_s * 1e4) / 1e4) << " s\n";
    }
  }
  return outcome.stopped ? 128 + interrupt.signal() : kExitDone;
}

VerbRun Add(CLI::App& app) {
  const auto flags = std::make_shared<ConvertFlags>();
  app.add_option("DATASET", flags->dataset, "a folder, or owner/name of a downloaded dataset")->required();
  app.add_option("--out", flags->out, "the folder of the new dataset; it goes on with one that it had begun")
      ->required()
      ->type_name("DIR");
  app.add_option("--episodes", flags->episodes, "only these, e.g. 0,4,7-9")->type_name("LIST");
  app.add_option("--codec", flags->codec, "of the videos: h264 (default) or av1")->type_name("CODEC");
  app.add_option("--crf", flags->crf, "quality of the videos: lower is better and larger")
      ->type_name("N")
      ->check(CLI::Range(0, 63));
  app.add_option("--gop", flags->gop, "frames from keyframe to keyframe at most")
      ->type_name("N")
      ->check(CLI::Range(1, 1000));
  AddJsonFlag(app, flags->json);
  return [flags](const Console& console) { return Run(*flags, console); };
}

}  // namespace

Verb DataConvertVerb() {
  return {.name = "data convert",
          .group = VerbGroup::kData,
          .reads = "a dataset",
          .leaves = "the same as LeRobot v3.0, with other encoding or fewer episodes",
          .about =
              "Writes a dataset anew as LeRobot v3.0, which the real LeRobot opens. Numbers, texts, depth and "
              "labels stay as they are, RGB videos are encoded anew, timestamps become frame / fps. Stopped or killed, "
              "the same "
              "command goes on.",
          .example =
              "heddle data convert sets/old-v21 --out sets/new\n  heddle data convert lerobot/pusht --episodes "
              "0-9 --codec av1 --out sets/ten",
          .add = Add};
}

}  // namespace heddle::cli
