// NaN and infinities.
#include <cmath>

#include "heddle/data/audit/check.h"
#include "heddle/data/audit/check_entries.h"
#include "heddle/data/audit/wording.h"

namespace heddle::data::audit {
namespace {

class Finite : public Check {
 public:
  void Visit(const DatasetFacts& facts, const EpisodeData& episode, Findings& findings) override {
    for (const auto& [name, numbers] : episode.numbers) {
      int64_t bad = 0, first = -1;
      for (size_t i = 0; i < numbers.values.size(); ++i) {
        if (std::isfinite(numbers.values[i])) continue;
        ++bad;
        if (first < 0) first = static_cast<int64_t>(i);
      }
      if (bad == 0) continue;
      const int64_t frame = first / numbers.dims;
      const Feature& feature = facts.info.Require(name);
      findings.Add("not-finite", {.episode = episode.index, .frame = frame, .feature = name},
                   FeatureAndDimension(feature, first % numbers.dims) + " is " +
                       (std::isnan(numbers.values[static_cast<size_t>(first)]) ? "NaN" : "infinite") + " (" +
                       Count(bad, "value") + " in the episode)",
                   {{"values", bad}, {"share", static_cast<double>(bad) / static_cast<double>(numbers.values.size())}});
    }
  }
};

}  // namespace

CheckEntry FiniteCheck() {
  return {"finite",
          {{"not-finite", Severity::kError, "NaN or infinity", "the loss becomes NaN and the weights are lost",
            "remove these episodes, or fill the values in from their neighbours"}},
          [] { return std::make_unique<Finite>(); }};
}

}  // namespace heddle::data::audit
