// A dataset of any format that is read, written anew as LeRobot v3.0: newer format, other encoding, fewer episodes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "heddle/core/stop.h"
#include "heddle/data/dataset.h"
#include "heddle/data/video/video_writer.h"

namespace heddle::data {

struct ConvertPlan {
  std::vector<int64_t> episodes;         // of the source, in the order in which they are to stand
  std::optional<VideoCodec> codec = {};  // nothing: H.264
  std::optional<int64_t> crf = {}, gop = {};
};

struct ConvertOutcome {
  int64_t episodes = 0, frames = 0;  // that the result has
  bool stopped = false;              // before all were there; the same call goes on
  double most_time_change_s = 0;     // timestamps become frame / fps, as the format has them: the largest step
};

// Every finished episode is safe (heddle/data/dataset_writer.h): stopped or killed, the same call goes on with what is
// missing. That a folder was begun by this source and plan is told by a file beside it (".NAME.convert.json"), which
// goes when all is there; a folder with a dataset and without that file is refused and not touched (usage error).
// Labels go along, with their episodes' new numbers; the seal does not, as the files are others. Numbers, texts and
// depth codes stay as they are, RGB videos are encoded anew.
ConvertOutcome ConvertDataset(const Dataset& source, const ConvertPlan& plan, const std::filesystem::path& folder,
                              const StopFlag& stop, const std::function<void()>& episode_done);

}  // namespace heddle::data
