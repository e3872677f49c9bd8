// The rows of a batch as the nets take them: normalised, side by side, zero where a row has nothing.
//
//   B rows, S numbers of all inputs, F inputs of numbers, H steps of a chunk, A action dimensions of all embodiments
//
// Made in one pass over the batch's memory, on the CPU: for small policies a handful of tensor operations here would
// cost as much as the net.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <vector>

#include "heddle/contract/batch.h"
#include "heddle/policy/layout.h"
#include "heddle/policy/normaliser.h"

namespace heddle::policy {

struct PolicyRows {
  // [B, S + F]: numbers, then for each input whether the row has it.
  at::Tensor numbers_BN;
  std::vector<at::Tensor> pictures;         // as layout.cameras: uint8 [B, H, W, 3]
  std::vector<at::Tensor> picture_present;  // bool [B]
  at::Tensor conditions_BK;                 // int64: place of the value plus 1 of each condition, 0 for none

  int64_t size() const;
};

// Observations and labels. Our bug if the batch lacks a feature of the layout.
PolicyRows RowsOf(const contract::Batch& batch, const PolicyLayout& layout, const Normaliser& normaliser);

// The chunks to be imitated.
struct ActionRows {
  at::Tensor actions_BHA;
  // The share that each number has in its row's loss: 0 where the row has no such action or the time lies behind the
  // episode's end, else 1 / (how many there are in the row).
  at::Tensor weight_BHA;
  at::Tensor present_BA;          // 1 where the row's embodiment has the dimension, else 0
  std::vector<uint8_t> labelled;  // [B]: the row has an action
  int64_t num_labelled = 0;
};
ActionRows ActionsOf(const contract::Batch& batch, const PolicyLayout& layout, const Normaliser& normaliser);

}  // namespace heddle::policy
