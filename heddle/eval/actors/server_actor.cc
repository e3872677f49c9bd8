#include "heddle/eval/actors/server_actor.h"

#include <cmath>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "heddle/contract/array.h"

namespace heddle::eval {
namespace {

using contract::Array;
using wire::PolicyClient;

Array Floats(const std::vector<double>& values) {
  const std::vector<float> floats(values.begin(), values.end());
  return Array::Of<float>(floats, {static_cast<int64_t>(floats.size())});
}

wire::Value ObservationOf(const ActRequest& request) {
  const sim::World& world = *request.world;
  wire::Map map = {{"observation/state", Floats(world.observation().state)},
                   {"observation/environment_state", Floats(world.observation().environment)},
                   {"observation/tactile", Floats(world.observation().tactile)},
                   {"prompt", world.task().instruction()},
                   {"episode_seed", world.seed()},
                   {"step", world.step()}};
  for (const auto& [camera, image] : request.rig->images()) {
    map.push_back({"observation/images/" + camera,
                   Array::Of<uint8_t>(image.pixels, {image.height, image.width, image.channels})});
  }
  return map;
}

ActReply Failure(const std::string& label, const std::string& details) {
  return {.actions = {}, .failure = label, .details = details};
}

// The rows of `actions`; a failure where there are fewer than are executed of each answer.
ActReply ActionsOf(const wire::Value& answer, int64_t at_least) {
  const char* malformed = wire::FailureLabel(wire::PolicyFailureKind::kMalformed);
  const wire::Value* actions = answer.Find("actions");
  const Array* array = actions ? actions->Get<Array>() : nullptr;
  if (!array) return Failure(malformed, "its answer has no array 'actions'");
  const auto& shape = array->shape();
  if (shape.empty() || shape.size() > 2 || array->size() == 0)
    return Failure(malformed, "its 'actions' are of shape " + contract::ShapeText(shape) + ", not [horizon, dims]");
  const std::vector<double> values = array->ToDoubles();
  const auto dims = static_cast<std::ptrdiff_t>(shape.back());
  ActReply reply;
  for (auto row = values.begin(); row != values.end(); row += dims) reply.actions.emplace_back(row, row + dims);
  const auto rows = static_cast<int64_t>(reply.actions.size());
  if (rows < at_least) {
    return Failure(malformed, "its chunk has " + std::to_string(rows) + " of the " + std::to_string(at_least) +
                                  " actions that are executed of each answer (--execute)");
  }
  return reply;
}

// What its metadata tell of how it acts.
contract::EvidencePolicy ToldBy(const wire::Value& metadata) {
  contract::EvidencePolicy policy;
  const auto read_text = [&](const char* key, std::string& text) {
    const wire::Value* value = metadata.Find(key);
    if (const auto* said = value ? value->Get<std::string>() : nullptr) text = *said;
  };
  read_text("checkpoint_hash", policy.checkpoint_hash);
  read_text("sampler", policy.sampler);
  const wire::Value* guidance = metadata.Find("guidance");
  const auto lambda = guidance ? guidance->Number() : std::nullopt;
  if (lambda && std::isfinite(*lambda)) policy.guidance = lambda;
  if (const wire::Value* steps = metadata.Find("sampler_steps")) {
    if (const auto* whole = steps->Get<int64_t>()) policy.sampler_steps = *whole;
  }
  const wire::Value* acting = metadata.Find("acting");
  if (const auto* map = acting ? acting->Get<wire::Map>() : nullptr) {
    for (const wire::Entry& entry : *map) {
      if (const auto* text = entry.value.Get<std::string>()) policy.acting[entry.key.text] = *text;
    }
  }
  return policy;
}

class ServerActor final : public Actor {
 public:
  ServerActor(std::string url, const ServerActorOptions& options)
      : url_(std::move(url)), options_(options), first_(PolicyClient::Connect(url_, options.client)) {
    told_ = ToldBy(first_->metadata());
  }

  contract::EvidencePolicy identity() const override {
    contract::EvidencePolicy policy = told_;
    policy.kind = "server";
    policy.name = url_;
    return policy;
  }
  int64_t actions_per_chunk() const override { return options_.actions_per_chunk; }

  void Begin(const ActRequest&) override {}

  void Act(std::span<const ActRequest> requests, std::span<ActReply> replies) override {
    for (size_t i = 0; i < requests.size(); ++i) replies[i] = ActOne(requests[i]);
  }

 private:
  ActReply ActOne(const ActRequest& request) {
    try {
      return ActionsOf(ClientOf(request.slot).Infer(ObservationOf(request)), options_.actions_per_chunk);
    } catch (const wire::PolicyFailure& failure) {
      const std::lock_guard lock(mutex_);
      clients_.erase(request.slot);
      return Failure(failure.label(), failure.what());
    }
  }

  PolicyClient& ClientOf(int64_t slot) {
    {
      const std::lock_guard lock(mutex_);
      const auto known = clients_.find(slot);
      if (known != clients_.end()) return known->second;
      if (first_) {
        PolicyClient& client = clients_.emplace(slot, std::move(*first_)).first->second;
        first_.reset();
        return client;
      }
    }
    PolicyClient fresh = PolicyClient::Connect(url_, options_.client);
    const std::lock_guard lock(mutex_);
    return clients_.emplace(slot, std::move(fresh)).first->second;
  }

  std::string url_;
  ServerActorOptions options_;
  std::mutex mutex_;               // guards the map, not the clients: each is of one thread
  contract::EvidencePolicy told_;  // in its metadata
  std::optional<PolicyClient> first_;
  std::map<int64_t, PolicyClient> clients_;
};

}  // namespace

std::unique_ptr<Actor> MakeServerActor(const std::string& url, const ServerActorOptions& options) {
  return std::make_unique<ServerActor>(url, options);
}

}  // namespace heddle::eval
