// The dataset's own statistics against the ones of its rows.
#include <algorithm>
#include <cmath>
#include <map>

#include "heddle/data/audit/check.h"
#include "heddle/data/audit/check_entries.h"
#include "heddle/data/audit/moments.h"
#include "heddle/data/audit/wording.h"

namespace heddle::data::audit {
namespace {

// In units of the true spread: an error from which on a normalised value is visibly another.
constexpr double kWrong = 0.02;

class StatisticsAgree : public Check {
 public:
  void Visit(const DatasetFacts& facts, const EpisodeData& episode, Findings&) override {
    if (!facts.statistics) return;
    for (const auto& [name, numbers] : episode.numbers) {
      if (!IsBookkeeping(name)) AddRows(numbers, moments_[name]);
    }
  }

  void Finish(const DatasetFacts& facts, Findings& findings) override {
    if (!facts.statistics_error.empty()) {
      findings.Add("statistics-unreadable", {.episode = {}, .frame = {}, .feature = "meta/stats.json"},
                   facts.statistics_error);
      return;
    }
    if (facts.episodes.empty() || (!facts.statistics && facts.episode_statistics)) return;
    if (!facts.statistics) {
      findings.Add("statistics-missing", {}, "there is no meta/stats.json");
      return;
    }
    for (const Feature& feature : facts.info.features) {
      if (IsBookkeeping(feature.name)) continue;
      const auto stored = facts.statistics->find(feature.name);
      if (stored == facts.statistics->end()) {
        if (IsSignal(feature)) {
          findings.Add("statistics-missing", {.episode = {}, .frame = {}, .feature = feature.name},
                       "meta/stats.json says nothing of " + feature.name);
        }
        continue;
      }
      if (feature.is_camera()) JudgeCamera(feature, stored->second, findings);
      if (feature.kind == FeatureKind::kNumeric) JudgeNumbers(facts, feature, stored->second, findings);
    }
  }

 private:
  static Place At(const Feature& feature) { return {.episode = {}, .frame = {}, .feature = feature.name}; }

  static void JudgeCamera(const Feature& feature, const contract::FeatureStatistics& stored, Findings& findings) {
    if (feature.depth || feature.channels == 1 || stored.mean.empty()) return;
    const double most = *std::max_element(stored.mean.begin(), stored.mean.end());
    if (most <= 1.01) return;
    findings.Add("statistics-wrong", At(feature),
                 "the mean of " + feature.name + " is " + Figure(most) + ", where pictures are 0 to 1",
                 {{"mean", most}});
  }

  void JudgeNumbers(const DatasetFacts& facts, const Feature& feature, const contract::FeatureStatistics& stored,
                    Findings& findings) const {
    const auto found = moments_.find(feature.name);
    if (found == moments_.end()) return;
    // A feature of several axes has statistics of its last one.
    const auto dims = stored.mean.size();
    if (dims == 0) return;
    if (dims != found->second.size()) {
      const bool last_axis = !feature.shape.empty() && static_cast<int64_t>(dims) == feature.shape.back();
      if (last_axis) return;
      findings.Add("statistics-wrong", At(feature),
                   "the statistics of " + feature.name + " are of " + Count(static_cast<int64_t>(dims), "dimension") +
                       ", and it has " + std::to_string(found->second.size()));
      return;
    }
    for (const Moments& dim : found->second) {
      if (dim.count != facts.info.total_frames) return;  // rows that could not be read, or are not finite
    }
    if (JudgeDimensions(feature, stored, found->second, findings)) return;
    if (stored.count != 0 && stored.count != facts.info.total_frames) {
      findings.Add("statistics-stale", At(feature),
                   "the statistics of " + feature.name + " are of " + Count(stored.count, "frame") +
                       ", and the dataset has " + std::to_string(facts.info.total_frames),
                   {{"count", stored.count}, {"frames", facts.info.total_frames}});
    }
  }

  static bool JudgeDimensions(const Feature& feature, const contract::FeatureStatistics& stored,
                              const std::vector<Moments>& found, Findings& findings) {
    double worst = 0;
    std::string what;
    int64_t worst_dim = 0;
    for (size_t dim = 0; dim < found.size(); ++dim) {
      const Moments& is = found[dim];
      const double largest = std::max(std::abs(is.min), std::abs(is.max));
      const double unit = is.deviation() + 1e-4 * largest + 1e-9;
      // E[x²] - E[x]² in single precision is off by some 1e-7 x²: variances are compared, as spreads that are small are
      // off by far more.
      const double variance = is.deviation() * is.deviation();
      const auto compare = [&](const std::vector<double>& list, const char* name, double truth, double off) {
        if (dim >= list.size() || off <= worst) return;
        worst = off;
        worst_dim = static_cast<int64_t>(dim);
        what = std::string(name) + " of " + FeatureAndDimension(feature, worst_dim) + " is stored as " +
               Figure(list[dim]) + ", and is " + Figure(truth);
      };
      const auto off = [&](const std::vector<double>& list, double truth) {
        return dim < list.size() ? std::abs(list[dim] - truth) / unit : 0;
      };
      const double stored_variance = dim < stored.std.size() ? stored.std[dim] * stored.std[dim] : variance;
      compare(stored.mean, "the mean", is.mean, off(stored.mean, is.mean));
      compare(stored.std, "the spread", is.deviation(),
              std::abs(stored_variance - variance) / (2 * variance + 2e-5 * largest * largest + 1e-18));
      compare(stored.min, "the least value", is.min, off(stored.min, is.min));
      compare(stored.max, "the largest value", is.max, off(stored.max, is.max));
    }
    if (worst < kWrong) return false;
    findings.Add("statistics-wrong", At(feature), what, {{"dimension", worst_dim}, {"off_in_std", worst}});
    return true;
  }

  std::map<std::string, std::vector<Moments>> moments_;
};

}  // namespace

CheckEntry StatisticsCheck() {
  const std::string mend = "lerobot-edit-dataset --repo_id {dataset} --operation.type recompute_stats";
  return {"statistics",
          {{"statistics-wrong", Severity::kError, "statistics that are not the data's",
            "tools that normalise by them feed the policy values of another scale and offset", mend},
           {"statistics-stale", Severity::kWarning, "statistics of another number of frames",
            "they were made before episodes were added or removed", mend},
           {"statistics-unreadable", Severity::kWarning, "statistics that can't be read",
            "LeRobot can't train without them; Heddle computes its own", mend},
           {"statistics-missing", Severity::kWarning, "no statistics",
            "LeRobot can't train without them; Heddle computes its own", mend}},
          [] { return std::make_unique<StatisticsAgree>(); }};
}

}  // namespace heddle::data::audit
