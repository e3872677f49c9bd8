// Small LeRobot v2.1 datasets with embedded pictures, so that what is read is exactly what was put in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "heddle/data/video/image.h"

namespace heddle::mixture {

struct SmallFrame {
  std::map<std::string, std::vector<float>> numbers;
  std::map<std::string, data::Image> images;
};

// All frames have the same features. `names`: of the dimensions of a numeric feature; may be left out.
void WriteSmallDataset(const std::filesystem::path& folder, double fps, const std::string& task,
                       const std::map<std::string, std::vector<std::string>>& names,
                       const std::vector<std::vector<SmallFrame>>& episodes);

}  // namespace heddle::mixture
