// Dimensions that do not move: normalisation divides by their spread.
#include <algorithm>
#include <cmath>
#include <map>

#include "heddle/data/audit/check.h"
#include "heddle/data/audit/check_entries.h"
#include "heddle/data/audit/moments.h"
#include "heddle/data/audit/wording.h"

namespace heddle::data::audit {
namespace {

// Spread over scale below which a dimension carries noise and no motion.
constexpr double kNearlyConstant = 5e-4;
// What normalisers add to the spread.
constexpr double kEpsilon = 1e-8;
constexpr int64_t kLeastFrames = 20;

class Constant : public Check {
 public:
  void Visit(const DatasetFacts& facts, const EpisodeData& episode, Findings&) override {
    for (const auto& [name, numbers] : episode.numbers) {
      if (IsSignal(facts.info.Require(name))) AddRows(numbers, moments_[name]);
    }
  }

  void Finish(const DatasetFacts& facts, Findings& findings) override {
    for (const auto& [name, dims] : moments_) {
      std::vector<double> deviations;
      for (const Moments& dim : dims) deviations.push_back(dim.deviation());
      std::nth_element(deviations.begin(), deviations.begin() + static_cast<long>(deviations.size() / 2),
                       deviations.end());
      const double typical = deviations.empty() ? 0 : deviations[deviations.size() / 2];
      for (size_t dim = 0; dim < dims.size(); ++dim) {
        Judge(facts.info.Require(name), static_cast<int64_t>(dim), dims[dim], typical, findings);
      }
    }
  }

 private:
  static void Judge(const Feature& feature, int64_t dim, const Moments& moments, double typical, Findings& findings) {
    if (moments.count < kLeastFrames) return;
    const Place place{.episode = {}, .frame = {}, .feature = feature.name};
    const std::string name = FeatureAndDimension(feature, dim);
    if (moments.min == moments.max) {
      findings.Add("constant-dimension", place, name + " is " + Figure(moments.mean) + " in all frames",
                   {{"dimension", dim}, {"value", moments.mean}, {"factor", 1 / kEpsilon}});
      return;
    }
    const double scale = std::max(std::abs(moments.mean), typical), deviation = moments.deviation();
    if (deviation >= kNearlyConstant * scale) return;
    findings.Add("nearly-constant-dimension", place,
                 name + " is " + Figure(moments.mean) + " within " + Figure(deviation) +
                     ": normalisation blows its noise up " + Figure(scale / deviation) + " times",
                 {{"dimension", dim}, {"mean", moments.mean}, {"std", deviation}, {"factor", scale / deviation}});
  }

  std::map<std::string, std::vector<Moments>> moments_;
};

}  // namespace

CheckEntry ConstantCheck() {
  return {"constant",
          {{"constant-dimension", Severity::kWarning, "dimensions that never change",
            "normalisation divides by nearly zero: a change of 0.001 on the robot arrives as 100,000",
            "leave the dimension out by the map of the mixture sheet, or give it the scale of its sensor"},
           {"nearly-constant-dimension", Severity::kWarning, "dimensions that hardly change",
            "normalisation turns their noise into a signal as large as the others",
            "leave the dimension out by the map of the mixture sheet, or give it the scale of its sensor"}},
          [] { return std::make_unique<Constant>(); }};
}

}  // namespace heddle::data::audit
