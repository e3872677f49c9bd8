#include "heddle/align/classifier.h"

#include <ATen/ATen.h>

namespace heddle::align {
namespace {

class Classifier final : public Objective {
 public:
  Classifier(const ClassifierOptions& options, const ObjectiveSetup& setup)
      : weight_(options.weight), net_(ClassifierOptions::kName, options.net, setup) {}

  std::string name() const override { return ClassifierOptions::kName; }

  ObjectiveValue operator()(const AlignBatch& batch) override {
    const LabelNet::Verdict verdict = net_(batch.z_BD, batch);
    return {.loss = verdict.loss * weight_,
            .scalars = {{"loss", verdict.loss.detach()}, {"accuracy", verdict.accuracy}},
            .note = verdict.note};
  }

 private:
  double weight_;
  LabelNet net_;
};

}  // namespace

std::unique_ptr<Objective> ClassifierOptions::Make(const ObjectiveSetup& setup) const {
  return std::make_unique<Classifier>(*this, setup);
}

}  // namespace heddle::align
