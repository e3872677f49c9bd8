// What draws domains together or keeps them apart while a policy is trained: functions from a batch's latents to a
// loss.
//
// An objective has no optimiser, no loop and no file. What it learns itself (a discriminator) are parameters of the set
// that it was made with, trained, saved and resumed like the policy's own.
//
//   B rows, D numbers of z, H times and A numbers of an action, C that are common to bodies
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "heddle/nn/parameters.h"

namespace heddle::align {

// What an objective may look at.
struct AlignBatch {
  at::Tensor z_BD;                           // the deep latent without condition dimensions; gradients flow into it
  at::Tensor domain_B;                       // int64, 0 .. num_domains - 1
  std::map<std::string, at::Tensor> labels;  // key -> int64 [B], 1 .. classes, 0 for none
  // Normalised actions, and which of their dimensions the row's source has (bool); undefined where there are none.
  at::Tensor action_BHA, action_present_BA;
  // The same of C dimensions that bodies have in common, such as an end effector's pose, in scales of theirs; undefined
  // where no two bodies have any.
  at::Tensor common_action_BHC, common_present_BC;
  int64_t target_domain = 0;
  int64_t step = 0, steps = 1;  // how far training is
};

struct ObjectiveValue {
  // What is added to the imitation loss: one number, weighted. A constant 0 where the batch has nothing to compare.
  at::Tensor loss;
  // For the log: tensors of one number each, without gradient, so that only a step that logs waits for a device.
  std::map<std::string, at::Tensor> scalars;
  std::string note;  // what was left out of this batch and why; mostly empty
};

class Objective {
 public:
  virtual ~Objective() = default;
  virtual std::string name() const = 0;  // "adversary": its parameters are "align.adversary. ..."
  virtual ObjectiveValue operator()(const AlignBatch& batch) = 0;

 protected:
  Objective() = default;
  Objective(const Objective&) = default;
  Objective& operator=(const Objective&) = default;
};

// What an objective is made with.
struct ObjectiveSetup {
  nn::ParameterSet& parameters;  // not flat yet
  int64_t latent_size = 0;       // D
  int64_t num_domains = 0;
  std::map<std::string, int64_t> label_classes{};  // key -> number of values
  std::vector<std::string> domain_names{};         // as notes call them; none: by their numbers
  std::string group{};                             // "align." or "discern.", before keys in errors
};

// Where the parameters of an objective of this name belong.
inline nn::ParameterScope ScopeOf(const ObjectiveSetup& setup, const std::string& name) {
  return setup.parameters.Scope("align").Scope(name);
}

}  // namespace heddle::align
