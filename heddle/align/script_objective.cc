#include "heddle/align/script_objective.h"

#include <ATen/ATen.h>
#include <ATen/core/Dict.h>

#include "heddle/core/error.h"
#include "heddle/nn/script_module.h"

namespace heddle::align {
namespace {

const nn::ScriptSignature& Signature() {
  static const nn::ScriptSignature signature{{{"z", "Tensor"}, {"domain", "Tensor"}, {"labels", "Dict[str, Tensor]"}},
                                             "Tuple[Tensor, Dict[str, Tensor]]"};
  return signature;
}

class ScriptObjective final : public Objective {
 public:
  ScriptObjective(const ScriptOptions& options, const ObjectiveSetup& setup)
      : weight_(options.weight),
        module_(ScopeOf(setup, ScriptOptions::kName), options.file, setup.group + "script.file", Signature()) {}

  std::string name() const override { return ScriptOptions::kName; }

  ObjectiveValue operator()(const AlignBatch& batch) override {
    c10::Dict<std::string, at::Tensor> labels;
    for (const auto& [key, value] : batch.labels) labels.insert(key, value);
    const c10::IValue answer = module_({batch.z_BD, batch.domain_B, labels});
    const auto& parts = answer.toTupleRef().elements();
    const at::Tensor loss = OneNumber(parts[0].toTensor(), "the loss");
    ObjectiveValue value{.loss = loss * weight_, .scalars = {{"loss", loss.detach()}}, .note = ""};
    for (const auto& entry : parts[1].toGenericDict()) {
      const std::string& key = entry.key().toStringRef();
      value.scalars[key] = OneNumber(entry.value().toTensor(), "scalar '" + key + "'").detach();
    }
    return value;
  }

 private:
  at::Tensor OneNumber(const at::Tensor& value, const std::string& what) const {
    if (value.defined() && value.numel() == 1) return value.reshape({});
    ThrowInput(what + " is not one number", module_.file(), "reduce it, say by .mean()");
  }

  double weight_;
  nn::ScriptModule module_;
};

}  // namespace

std::unique_ptr<Objective> ScriptOptions::Make(const ObjectiveSetup& setup) const {
  return std::make_unique<ScriptObjective>(*this, setup);
}

}  // namespace heddle::align
