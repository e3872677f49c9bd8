#include <charconv>
#include <map>
#include <mutex>

#include "heddle/core/error.h"
#include "heddle/core/sha256.h"
#include "heddle/data/dataset.h"
#include "heddle/data/labels/dataset_labels.h"
#include "heddle/eval/actors/scripted.h"

namespace heddle::eval {
namespace {

constexpr const char* kSeedLabel = "seed";
constexpr const char* kActions = "action";

std::map<uint64_t, int64_t> EpisodesBySeed(const data::Dataset& dataset) {
  std::map<uint64_t, int64_t> episodes;
  const data::DatasetLabels labels = data::DatasetLabels::Of(dataset);
  for (const data::Label& label : labels.All()) {
    if (label.key != kSeedLabel || label.level != data::LabelLevel::kEpisode) continue;
    uint64_t seed = 0;
    const char* end = label.value.data() + label.value.size();
    if (std::from_chars(label.value.data(), end, seed).ptr == end) episodes[seed] = label.episode;
  }
  if (episodes.empty()) {
    ThrowUsage("its episodes do not say from which seed they began", dataset.root().string(),
               "replay a dataset of heddle sim record");
  }
  return episodes;
}

class DatasetReplay final : public ReplayActor {
 public:
  DatasetReplay(const sim::WorldKind& kind, const std::string& name)
      : name_(name), dataset_(data::Dataset::Open(name)), episodes_(EpisodesBySeed(dataset_)) {
    const sim::World world = kind.NewWorld();
    num_actions_ = world.actions().names.size();
    const data::Feature* feature = dataset_.info().Find(kActions);
    if (!feature || feature->shape != contract::Shape{static_cast<int64_t>(num_actions_)}) {
      ThrowUsage("has no actions of " + std::to_string(num_actions_) + " values, which " +
                     world.embodiment().facts().name + " takes",
                 dataset_.root().string(),
                 feature ? "replay it with the body and actions that it was recorded with"
                         : "a recording of pictures only can't be replayed");
    }
    Sha256 hash;
    for (const auto& [seed, episode] : episodes_) {
      hash.Update(std::to_string(seed) + " ");
      hash.Update(dataset_.ReadNumbers(kActions, episode).bytes());
    }
    hash_ = hash.Hex();
  }

  contract::EvidencePolicy identity() const override {
    contract::EvidencePolicy policy;
    policy.kind = "replay";
    policy.name = "replay:" + name_;
    policy.checkpoint_hash = hash_;
    return policy;
  }
  int64_t actions_per_chunk() const override { return 1; }

  std::vector<uint64_t> Seeds() const override {
    std::map<int64_t, uint64_t> by_episode;
    for (const auto& [seed, episode] : episodes_) by_episode[episode] = seed;
    std::vector<uint64_t> seeds;
    for (const auto& [episode, seed] : by_episode) seeds.push_back(seed);
    return seeds;
  }

  void Begin(const ActRequest& request) override {
    const std::lock_guard lock(mutex_);
    const auto episode = episodes_.find(request.world->seed());
    recordings_[request.slot] = episode == episodes_.end()
                                    ? std::vector<double>{}
                                    : dataset_.ReadNumbers(kActions, episode->second).ToDoubles();
  }

  void Act(std::span<const ActRequest> requests, std::span<ActReply> replies) override {
    for (size_t i = 0; i < requests.size(); ++i) replies[i] = Next(requests[i]);
  }

 private:
  ActReply Next(const ActRequest& request) {
    const std::lock_guard lock(mutex_);
    const std::vector<double>& recording = recordings_.at(request.slot);
    if (recording.empty())
      return {.actions = {}, .failure = "no-recording", .details = "the dataset has no episode of this seed"};
    const auto from = static_cast<size_t>(request.world->step()) * num_actions_;
    if (from + num_actions_ > recording.size())
      return {.actions = {request.world->IdleAction()}, .failure = {}, .details = {}};
    const auto begin = recording.begin() + static_cast<std::ptrdiff_t>(from);
    return {.actions = {{begin, begin + static_cast<std::ptrdiff_t>(num_actions_)}}, .failure = {}, .details = {}};
  }

  std::string name_, hash_;  // of the actions by seed
  data::Dataset dataset_;
  std::map<uint64_t, int64_t> episodes_;
  size_t num_actions_ = 0;
  std::mutex mutex_;  // guards what follows, and reads of the dataset
  std::map<int64_t, std::vector<double>> recordings_;
};

}  // namespace

std::unique_ptr<ReplayActor> MakeReplayActor(const sim::WorldKind& kind, const std::string& dataset) {
  return std::make_unique<DatasetReplay>(kind, dataset);
}

}  // namespace heddle::eval
