// What a new dataset is to be: its features, its videos, the sizes of its files.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "heddle/data/lerobot/info.h"
#include "heddle/data/video/video_writer.h"

namespace heddle::data {

struct WriterOptions {
  double fps = 0;          // frames a second; must be given
  std::string robot_type;  // e.g. "panda"; may be empty

  // As info.json has them, in the order of the columns: name -> {"dtype", "shape", "names", ...}; see the functions
  // below. timestamp, frame_index, episode_index, index and task_index are added. Keys that are not known are kept.
  nlohmann::ordered_json features = nlohmann::ordered_json::object();

  VideoOptions video;  // of all RGB videos; its fps is set from the dataset's

  // A file is begun anew where it would reach this size. Saving an episode writes its current files again, whole, so
  // that they can be put in their places at once: the smaller, the sooner it is done; LeRobot's defaults (100 and 200)
  // suit files that are only appended to.
  double data_file_mb = 8;
  double video_file_mb = 50;
  int64_t chunks_size = 1000;  // files a folder

  // Further keys of info.json, as they are. With `splits` among them, the writer leaves the splits alone.
  nlohmann::ordered_json extra = nlohmann::ordered_json::object();

  // What it takes to write a dataset of the same features, with everything that its info.json says (format v3.0).
  static WriterOptions Like(const DatasetInfo& info);
};

nlohmann::ordered_json NumberFeature(contract::DType dtype, const contract::Shape& shape,
                                     const std::vector<std::string>& names = {});
nlohmann::ordered_json TextFeature();
nlohmann::ordered_json VideoFeature(int64_t height, int64_t width);
nlohmann::ordered_json ImageFeature(int64_t height, int64_t width);
// `unit`: "mm" or "m", of the values that are recorded.
nlohmann::ordered_json DepthFeature(int64_t height, int64_t width, const std::string& unit = "mm",
                                    const DepthCoding& coding = {});
nlohmann::ordered_json LanguageFeature();

// The info.json of a dataset without episodes. Usage error for what can't be recorded: no fps, a name with a slash, a
// feature without values, a picture that is neither RGB nor depth, a size or rate that is not above 0.
DatasetInfo InfoOf(const WriterOptions& options);
// The same with other counts, and with the split that goes by them.
DatasetInfo CountedInfo(const DatasetInfo& info, int64_t episodes, int64_t frames, int64_t tasks);
// The bytes of meta/info.json.
std::string InfoText(const DatasetInfo& info);
// kInput, with `place`, unless the dataset is v3.0 and its files have the names that the writer gives them.
void RequireOwnLayout(const DatasetInfo& info, const std::string& place);

// How the RGB videos of such a dataset are made.
VideoOptions VideoOptionsOf(const DatasetInfo& info);
// 1000 for depth in millimetres, 1 for metres.
double DepthPerMetre(const DatasetInfo& info, const std::string& feature);

}  // namespace heddle::data
