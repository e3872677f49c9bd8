// A checkpoint as a policy server's handler: what stands between the wire and the policy.
//
//   PolicyService service = PolicyService::Load("runs/first", {.guidance = 0.5});
//   wire::PolicyServer server(service.Metadata(), [&](const auto& seen) { return service.Answer(seen); }, {.port = 0});
//
// It gives the actions that an evaluation in this process gives, bit for bit, as both ask policy::ActingPolicy.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "heddle/contract/card.h"
#include "heddle/policy/acting_changes.h"
#include "heddle/wire/value.h"

namespace heddle::serve {

class PolicyService {
 public:
  // Of a checkpoint's folder or a run's. The errors of policy::LoadCheckpoint and policy::ActingPolicy.
  static PolicyService Load(const std::filesystem::path& folder, const policy::ActingChanges& changes = {});
  ~PolicyService();
  PolicyService(PolicyService&&) noexcept;

  // What clients are sent first: docs/reference/serving.md has the keys.
  wire::Value Metadata() const;

  // `actions`, float32 [steps, dims] in physical units within the card's limits, and `policy_timing`. Every observation
  // is held against the card before it is acted on (heddle/serve/observation_reader.h): kInput, in one line, for what
  // does not fit. Chance is drawn from the observation's `episode_seed` and `step`; a client that sends neither is
  // given the next of a stream of this service's own, whoever asks. One thread at a time.
  wire::Value Answer(const wire::Value& observation);

  const contract::AdaptationCard& card() const;
  const std::string& checkpoint_hash() const;
  const std::filesystem::path& folder() const;

 private:
  struct Parts;
  explicit PolicyService(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// For people: what clients must send and what they get, a line each.
std::string ServiceText(const PolicyService& service);

}  // namespace heddle::serve
