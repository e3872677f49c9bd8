// The parameters of a model: named tensors that become one flat block of memory.
//
//   ParameterSet parameters(RandomStream(seed, "init"));
//   Linear first(parameters.Scope("trunk").Scope("0"), 32, 64);    // trunk.0.weight, trunk.0.bias
//   parameters.Flatten();                                          // from here on: values, gradients, moments are
//   blocks
//
// Each value is drawn from a stream of its own name, so that adding a part to a model leaves the others' as they were.
// Tensors that are held elsewhere stay valid through Flatten: they then show a place in the block. Gradients are
// accumulated into a block of the same layout, so that clipping, the optimiser and the mean of weights are one pass.
//
// What decays (tensors of two or more dimensions) stands before what does not, each in the order of adding.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "heddle/core/random.h"

namespace heddle::nn {

// How a value begins.
enum class Init {
  kFanIn,  // uniform in ±1/√fan_in, fan_in = elements of one output
  kZero,
  kOne,
  kSmall,  // normal, standard deviation 0.02: embeddings and tokens
};

struct Parameter {
  std::string name;
  at::Tensor value;
  bool decays = false;
};

class ParameterScope;

class ParameterSet {
 public:
  explicit ParameterSet(const RandomStream& init, at::ScalarType type = at::kFloat);
  ParameterSet(const ParameterSet&) = delete;
  ParameterSet& operator=(const ParameterSet&) = delete;

  ParameterScope Scope(const std::string& name);
  // A parameter with this value; our bug if the name is taken or the set is flat already. `fan_in` is for kFanIn; 0:
  // all dimensions but the first.
  at::Tensor Add(const std::string& name, at::IntArrayRef sizes, Init init, int64_t fan_in = 0);
  // One that was made elsewhere (a TorchScript module's): its values are kept.
  void Adopt(const std::string& name, const at::Tensor& value);

  void Flatten();
  bool is_flat() const { return values_.defined(); }

  const std::vector<Parameter>& all() const { return all_; }
  std::vector<at::Tensor> tensors() const;
  int64_t num_elements() const;

  // Blocks of num_elements(); flat sets only (DEMANDed). The first decayed() elements are those that decay.
  const at::Tensor& values() const;
  const at::Tensor& gradients() const;
  int64_t decayed() const { return decayed_; }

  // The part of a block (of the layout of values()) that belongs to each parameter, in its shape.
  std::vector<at::Tensor> Split(const at::Tensor& block) const;
  // Replaces all values: of the block's layout.
  void CopyIn(const at::Tensor& block);

 private:
  void Take(Parameter parameter);

  RandomStream init_;
  at::ScalarType type_;
  std::vector<Parameter> all_;
  at::Tensor values_, gradients_;
  int64_t decayed_ = 0;
};

// Names below a prefix.
class ParameterScope {
 public:
  ParameterScope(ParameterSet& set, std::string prefix) : set_(&set), prefix_(std::move(prefix)) {}

  ParameterScope Scope(const std::string& name) const { return {*set_, prefix_ + "." + name}; }
  ParameterScope Scope(int64_t index) const { return Scope(std::to_string(index)); }
  at::Tensor Add(const std::string& name, at::IntArrayRef sizes, Init init, int64_t fan_in = 0) const {
    return set_->Add(prefix_ + "." + name, sizes, init, fan_in);
  }
  void Adopt(const std::string& name, const at::Tensor& value) const { set_->Adopt(prefix_ + "." + name, value); }
  const std::string& prefix() const { return prefix_; }

 private:
  ParameterSet* set_;
  std::string prefix_;
};

}  // namespace heddle::nn
