// A window: what a policy sees and does at one time of one episode, as the dataset has it (physical units, uint8
// pictures). A batch (heddle/contract/batch.h) is many of them, in tensors.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "heddle/contract/array.h"

namespace heddle::contract {

struct Window {
  int64_t episode = 0;
  int64_t frame = 0;  // in the episode: the time that the deltas are relative to

  // feature -> values. A feature that was asked for at T times: [T, ...its shape] (scalars: [T]); without deltas:
  // its own shape (scalars: []). Pictures: uint8 [H, W, C], depth float32 [H, W, 1] in millimetres, behind the T.
  std::map<std::string, Array> values;
  std::map<std::string, std::vector<std::string>> texts;  // features of strings, T or 1 of them
  // feature -> T flags: 1 where the time lies outside of the episode and its nearest row was taken.
  std::map<std::string, std::vector<uint8_t>> is_pad;

  std::string task;                           // the instruction at `frame`
  std::map<std::string, std::string> labels;  // key -> value at `frame` (domain, embodiment, strategy, ...)
};

}  // namespace heddle::contract
