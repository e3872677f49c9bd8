// A policy: what it reads and does, its nets, its scales, its noise process. Whoever trains it holds its parameters;
// whoever uses it loads it from a checkpoint (heddle/policy/checkpoint.h) and acts (heddle/policy/acting.h).
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "heddle/nn/parameters.h"
#include "heddle/policy/layout.h"
#include "heddle/policy/network.h"
#include "heddle/policy/noise_process.h"
#include "heddle/policy/normaliser.h"
#include "heddle/policy/options.h"

namespace heddle::policy {

struct PolicySpec {
  PolicyLayout layout;
  PolicyOptions options;
  ConditionOptions conditions;
};

class Policy {
 public:
  // With random weights. The parameters are not flat yet: objectives may add theirs (heddle/nn/parameters.h).
  Policy(PolicySpec spec, Normaliser normaliser, const RandomStream& init);

  const PolicySpec& spec() const { return spec_; }
  const PolicyLayout& layout() const { return spec_.layout; }
  const Normaliser& normaliser() const { return normaliser_; }
  const NoiseProcess& noise() const { return noise_; }
  nn::ParameterSet& parameters() { return parameters_; }
  const nn::ParameterSet& parameters() const { return parameters_; }
  const Network& network() const { return network_; }
  Network& network() { return network_; }

  // All names of its own parameters begin so; those of objectives don't.
  static constexpr const char* kPrefix = "policy";

 private:
  PolicySpec spec_;
  Normaliser normaliser_;
  nn::ParameterSet parameters_;
  NoiseProcess noise_;
  Network network_;
};

}  // namespace heddle::policy
