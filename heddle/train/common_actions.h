// What actions of different bodies have in common: dimensions of an end effector's or a wrist's pose that have the same
// name, of absolute poses among themselves and of steps among themselves. Joints are a body's own, whatever their name.
//
// Every output has a scale of its own (heddle/policy/normaliser.h), so normalised numbers of two bodies can't be
// compared. Here each common dimension has one scale: the range of all bodies that have it, together, to -1..1.
//
//   B rows, H times, A action dimensions of all bodies, C common dimensions, P pairs of (own, common) dimension
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "heddle/policy/layout.h"
#include "heddle/policy/normaliser.h"
#include "heddle/policy/rows.h"

namespace heddle::train {

class CommonActions {
 public:
  CommonActions(const policy::PolicyLayout& layout, const policy::Normaliser& normaliser);

  // No dimension is common to two bodies.
  bool empty() const { return size_ == 0; }

  struct Rows {
    at::Tensor actions_BHC;  // 0 where a row has no such dimension
    at::Tensor present_BC;   // bool
  };
  Rows operator()(const policy::ActionRows& actions) const;

 private:
  int64_t size_ = 0;             // C
  at::Tensor own_P_, common_P_;  // dimensions
  at::Tensor gain_P_, shift_P_;  // from an own scale to the common one
};

}  // namespace heddle::train
