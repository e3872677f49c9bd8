#include "heddle/mixture/sheet/review.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/mixture/action_conversion.h"
#include "heddle/mixture/sheet/bind_sheet.h"
#include "heddle/mixture/sheet/convert_actions.h"
#include "heddle/mixture/sheet/open_source.h"

namespace heddle::mixture {
namespace {

class Reviewer {
 public:
  Reviewer(const Sheet& sheet, const ReviewOptions& options) : sheet_(sheet), options_(options) {}

  SheetReview Review() {
    review_.terms = TermsOf(sheet_);
    review_.findings = ReviewTerms(sheet_);
    CheckRepresentations();
    CheckHeads();
    CheckLabels();
    if (Bind()) {
      CheckHoldout();
      CheckDrawing();
      CheckRatio();
      FillBuckets();
    }
    std::ranges::stable_sort(review_.findings, {}, &SheetFinding::level);
    return std::move(review_);
  }

 private:
  void Add(const std::string& code, FindingLevel level, const std::string& place, const std::string& what,
           const std::string& mend) {
    review_.findings.push_back({code, level, place, what, mend});
  }

  // All of them, where binding would stop at the first.
  void CheckRepresentations() {
    std::map<std::string, const SheetSource*> first_of;
    for (const SheetSource& source : sheet_.sources) {
      const std::string& own = RepresentationOf(source);
      if (own.empty() || own == "none") continue;
      const auto [first, is_new] = first_of.emplace(source.embodiment, &source);
      const std::string& other = RepresentationOf(*first->second);
      if (is_new || own == other) continue;
      const auto reason = WhyNotConvertible(own, other, true);
      Add("actions-do-not-mix", FindingLevel::kRefused, sheet_.PlaceOf(source, "action_representation"),
          "source " + source.name + ": actions " + own + " of " + source.embodiment + " do not mix with " + other +
              ", which source " + first->second->name + " has",
          reason ? "no way leads from one to the other: " + *reason
                 : "convert one: map: {action: {convert: " + other + "}}");
    }
  }

  void CheckHeads() {
    std::map<std::string, bool> acts;
    for (const SheetSource& source : sheet_.sources) {
      const std::string& own = RepresentationOf(source);
      acts[source.embodiment] |= !own.empty() && own != "none";
    }
    for (const SheetSource& source : sheet_.sources) {
      if (acts.at(source.embodiment) || source.weight == 0.0) continue;
      const bool target = source.domain == sheet_.target;
      Add("no-action-head", target ? FindingLevel::kRefused : FindingLevel::kWarning,
          sheet_.PlaceOf(source, "embodiment"),
          "source " + source.name + ": no source has actions of " + source.embodiment + ", so there is no head for it" +
              (target ? ", and the target acts with it" : "; it shapes the latents only, as far as they are aligned"),
          target ? "name another target, or add demonstrations" : "add actions, or a source that has some");
      acts[source.embodiment] = true;  // once an embodiment
    }
  }

  void CheckLabels() {
    for (const SheetSource& source : sheet_.sources) {
      if (source.label_quality != LabelQuality::kUnknown || RepresentationOf(source) == "none") continue;
      Add("labels-unsaid", FindingLevel::kNote, sheet_.PlaceOf(source),
          "source " + source.name + ": the sheet does not say how good its actions and labels are",
          "write label_quality: labelled, weak or synthetic");
    }
  }

  bool Bind() {
    const size_t before = review_.findings.size();
    for (const SheetSource& source : sheet_.sources) CheckDataset(source);
    if (review_.findings.size() > before) return false;
    for (const SheetSource& source : sheet_.sources) CheckActionNames(source);
    try {
      const BoundSheet bound = PrepareSheet(sheet_, {}, options_.w);
      review_.control_hz = bound.mixture.layout.window.control_hz;
      review_.sizes = bound.sizes;
      review_.weights = bound.weights;
    } catch (const Error& error) {
      AddRefusal(error);
      return false;
    }
    for (size_t i = 0; i < review_.sizes.size(); ++i) {
      review_.passes.push_back(PassesOver(review_.sizes[i], review_.weights->weights[i], options_));
    }
    return true;
  }

  // What keeps the sheet from being bound, unless it was found above in other words.
  void AddRefusal(const Error& error) {
    const std::string line = error.where().substr(0, error.where().find(": "));
    const bool known = std::ranges::any_of(review_.findings, [&](const SheetFinding& finding) {
      return finding.level == FindingLevel::kRefused && finding.place == line;
    });
    if (!known) Add("does-not-fit", FindingLevel::kRefused, error.where(), error.message(), error.mend());
  }

  void CheckDataset(const SheetSource& source) {
    try {
      data::Dataset::Open(sheet_.DatasetOf(source));
    } catch (const Error& error) {
      Add("no-dataset", FindingLevel::kRefused, sheet_.PlaceOf(source, "dataset"),
          "source " + source.name + ": " + error.message() + (error.where().empty() ? "" : " (" + error.where() + ")"),
          error.mend());
    }
  }

  // Names that read like poses where changes are declared, and the reverse.
  void CheckActionNames(const SheetSource& source) {
    const data::Dataset dataset = data::Dataset::Open(sheet_.DatasetOf(source));
    const data::Feature* action = dataset.info().Find("action");
    const std::string& said = source.action_representation;
    const bool is_delta = said.ends_with("_delta"), is_absolute = said.ends_with("_absolute");
    if (action == nullptr || said.starts_with("joint") || is_delta == is_absolute) return;
    if (FindPoseForm(action->names, is_delta) || !FindPoseForm(action->names, !is_delta)) return;
    Add("actions-read-otherwise", FindingLevel::kWarning, sheet_.PlaceOf(source, "action_representation"),
        "source " + source.name + ": its actions are called " + Join(action->names, " ") + ", which reads like " +
            (is_delta ? "absolute poses" : "changes") + ", and the sheet says " + said,
        "heddle data audit says by how the state follows them; say " + said.substr(0, said.rfind('_')) +
            (is_delta ? "_absolute" : "_delta") + " if that is what they are");
  }

  void CheckHoldout() {
    for (size_t i = 0; i < sheet_.sources.size(); ++i) {
      if (sheet_.sources[i].domain == sheet_.target && review_.sizes[i].holdout_episodes > 0) return;
    }
    const auto first = std::ranges::find(sheet_.sources, sheet_.target, &SheetSource::domain);
    Add("no-holdout", FindingLevel::kWarning, sheet_.PlaceOf(*first, "holdout"),
        "no episode of the target is held out, so that neither validation nor diagnosis can see it",
        "give holdout a share or episodes");
  }

  void CheckDrawing() {
    for (size_t i = 0; i < sheet_.sources.size(); ++i) {
      const SheetSource& source = sheet_.sources[i];
      if (review_.weights->weights[i] == 0) {
        Add("never-drawn", FindingLevel::kNote, sheet_.PlaceOf(source, "weight"),
            "source " + source.name + ": nothing of it is trained on; its held-out episodes are validated on", "");
      } else if (review_.passes[i] >= kTooManyPasses) {
        char text[96];
        std::snprintf(text, sizeof text, "with weight %.3g each of its %lld windows is seen %.0f times",
                      review_.weights->weights[i], static_cast<long long>(review_.sizes[i].windows), review_.passes[i]);
        Add("too-many-passes", FindingLevel::kWarning, sheet_.PlaceOf(source, "weight"),
            "source " + source.name + ": " + text + " in " + std::to_string(options_.steps) + " steps of " +
                std::to_string(options_.batch_size),
            "lower its weight, train fewer steps, or add data");
      }
    }
  }

  void CheckRatio() {
    const auto& guideline = review_.weights->guideline;
    if (!guideline) return;
    // A ratio that is the natural one up to rounding is no finding.
    const double w = review_.weights->w, slack = 1e-3;
    if (w < guideline->low - slack || w > guideline->high + slack) {
      char text[96];
      std::snprintf(text, sizeof text, "w = %.3f lies outside of the balanced range [%.3f, %.3f]", w, guideline->low,
                    guideline->high);
      Add("outside-the-range", FindingLevel::kWarning, sheet_.file, text, "heddle mix suggest says where it is from");
    }
  }

  void FillBuckets() {
    std::vector<std::string> names = LabelQualityNames();
    names.push_back("no actions");
    double all_windows = 0;
    for (const SourceSize& size : review_.sizes) all_windows += static_cast<double>(size.windows);
    for (const std::string& name : names) review_.buckets.push_back({name, 0, 0});
    for (size_t i = 0; i < sheet_.sources.size(); ++i) {
      const std::string& actions = RepresentationOf(sheet_.sources[i]);
      const bool none = actions.empty() || actions == "none";
      ReviewBucket& bucket =
          none ? review_.buckets.back() : review_.buckets[static_cast<size_t>(sheet_.sources[i].label_quality)];
      bucket.drawn += review_.weights->weights[i];
      bucket.windows += all_windows > 0 ? static_cast<double>(review_.sizes[i].windows) / all_windows : 0;
    }
    if (review_.buckets.back().drawn > 0.5) {
      Add("mostly-without-actions", FindingLevel::kWarning, sheet_.file,
          "more than half of what is drawn has no actions, and is left out of the imitation loss",
          "raise the weight of sources with actions");
    }
  }

  const Sheet& sheet_;
  const ReviewOptions& options_;
  SheetReview review_;
};

}  // namespace

const char* FindingLevelName(FindingLevel level) {
  switch (level) {
    case FindingLevel::kRefused: return "refused";
    case FindingLevel::kWarning: return "warning";
    case FindingLevel::kNote: break;
  }
  return "note";
}

bool SheetReview::is_refused() const {
  return std::ranges::any_of(findings,
                             [](const SheetFinding& finding) { return finding.level == FindingLevel::kRefused; });
}

double PassesOver(const SourceSize& size, double share, const ReviewOptions& options) {
  if (size.windows == 0) return 0;
  const double rows = static_cast<double>(options.steps) * static_cast<double>(options.batch_size);
  return share * rows / static_cast<double>(size.windows);
}

SheetReview ReviewSheet(const Sheet& sheet, const ReviewOptions& options) { return Reviewer(sheet, options).Review(); }

}  // namespace heddle::mixture
