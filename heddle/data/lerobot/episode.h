// One row of a dataset's episode table, the same for all versions of the format.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "heddle/contract/statistics.h"

namespace heddle::data {

struct Episode {
  int64_t index = 0;
  int64_t length = 0;     // frames
  int64_t first_row = 0;  // `index` of its frame 0; rows first_row .. first_row + length belong to it
  std::vector<std::string> tasks;

  std::string data_file;    // relative to the dataset's root
  int64_t row_in_file = 0;  // of its frame 0, if the file holds the rows that the table says

  // Per video feature: file relative to the root, and the span inside it.
  struct VideoPlace {
    std::string file;
    double from_s = 0, to_s = 0;
  };
  std::map<std::string, VideoPlace> videos;
};

}  // namespace heddle::data
