#include "heddle/serve/checkpoint_report.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <vector>

#include "heddle/core/text.h"
#include "heddle/policy/spec_json.h"

namespace heddle::serve {
namespace {

using Json = nlohmann::ordered_json;
using contract::AdaptationCard;
using policy::Checkpoint;

constexpr size_t kColumns = 110, kName = 13;

std::string Short(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

// "name         text", folded under itself.
std::string Line(const std::string& name, const std::string& text) {
  std::string out = name + std::string(name.size() < kName ? kName - name.size() : 1, ' ');
  size_t column = out.size();
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find(' ', at), text.size());
    if (column + (end - at) + 1 > kColumns && at > 0) {
      out += "\n" + std::string(kName, ' ');
      column = kName;
    } else if (at > 0) {
      out += " ";
      ++column;
    }
    out += text.substr(at, end - at);
    column += end - at;
    at = end + 1;
  }
  return out + "\n";
}

int64_t NumParameters(const Checkpoint& checkpoint) {
  int64_t count = 0;
  for (const nn::Parameter& parameter : checkpoint.policy->parameters().all()) count += parameter.value.numel();
  return count;
}

int64_t Bytes(const Checkpoint& checkpoint) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(checkpoint.folder / "model.safetensors", error);
  return error ? 0 : static_cast<int64_t>(bytes);
}

std::vector<std::string> Floored(const Checkpoint& checkpoint) {
  std::vector<std::string> floored;
  for (const auto* scaling : {&checkpoint.policy->normaliser().numbers, &checkpoint.policy->normaliser().actions})
    floored.insert(floored.end(), scaling->floored.begin(), scaling->floored.end());
  return floored;
}

std::string Reads(const AdaptationCard& card) {
  std::string text;
  for (const contract::CardNumbers& numbers : card.observation.numbers)
    text += Line(text.empty() ? "reads" : "",
                 numbers.name + " [" + std::to_string(numbers.names.size()) + "]: " + Join(numbers.names, ", "));
  for (const contract::CardCamera& camera : card.observation.cameras)
    text += Line(text.empty() ? "reads" : "", camera.name + ": " + std::to_string(camera.width) + "x" +
                                                  std::to_string(camera.height) + " " + camera.colours + ", " +
                                                  camera.values);
  return text;
}

std::string Does(const AdaptationCard& card) {
  const contract::CardAction& action = card.action;
  std::string text = Line("does", card.embodiment + ", " + action.representation + " at " + Short(card.control_hz) +
                                      " Hz: " + Join(action.names, ", "));
  return text + Line("", "chunks of " + std::to_string(action.steps) + " actions, " + std::to_string(action.execute) +
                             " executed (" + Short(static_cast<double>(action.execute) / card.control_hz) +
                             " s) before it is asked again");
}

std::string Built(const Checkpoint& checkpoint) {
  policy::PolicyOptions options = checkpoint.policy->spec().options;
  const auto kind = [](bool transformer) { return transformer ? std::string("transformer") : std::string("MLP"); };
  std::string trunk = kind(options.trunk.kind == policy::TrunkKind::kTransformer);
  if (options.trunk.kind == policy::TrunkKind::kScript) trunk = "script";
  const auto size = [](int64_t layers, int64_t width) {
    return " of " + Counted(layers, "layer") + ", width " + std::to_string(width);
  };
  std::string text = "trunk: " + trunk + size(options.trunk.layers, options.trunk.width);
  text += "; head: " + kind(options.head.kind == policy::HeadKind::kTransformer) +
          size(options.head.layers, options.head.width);
  text += options.head.path == policy::Path::kFlow ? "; flow" : "; diffusion";
  const contract::CardSampler& sampler = checkpoint.card.sampler;
  text += ", " + sampler.kind + " in " + Counted(sampler.steps, "step");
  return Line("built", text) + Line("size", std::to_string(NumParameters(checkpoint)) + " parameters, " +
                                                Short(static_cast<double>(Bytes(checkpoint)) / 1048576) + " MiB");
}

std::string Trained(const contract::EvidenceTraining& training) {
  std::string text = training.method.empty() ? "by a method that is not told" : training.method;
  text += " (align " + training.align + "; discern " + training.discern + ")";
  if (training.w) text += ", w " + Short(*training.w);
  if (training.training_seed) text += ", seed " + std::to_string(*training.training_seed);
  if (training.step) text += ", step " + std::to_string(*training.step);
  if (training.target_passes) text += ", " + Short(*training.target_passes) + " passes over the target";
  return Line("trained", text) + Line("mixture", training.mixture_hash);
}

std::string EvidenceText(const Json& evidence) {
  if (!evidence.contains("setups") || !evidence["setups"].is_array()) return evidence.empty() ? "" : evidence.dump();
  std::string text;
  for (const Json& setup : evidence["setups"]) {
    text += (text.empty() ? "" : "; ") + setup.value("task", "") + ", gap " + setup.value("gap", "") + ", " +
            setup.value("suite", "") + ":";
    for (const Json& value : setup.value("values", Json::array())) {
      text += " " + Short(value.value("guidance", 0.0)) + " -> " +
              std::to_string(value.value("success_any", int64_t{0})) + " of " +
              std::to_string(value.value("n", int64_t{0})) + ",";
    }
    if (text.ends_with(',')) text.pop_back();
  }
  return text + " (" + evidence.value("file", "") + ")";
}

std::string Conditions(const AdaptationCard& card) {
  if (card.conditions.empty()) return Line("conditions", "none: it is told no label, so it can't be guided");
  std::string text;
  for (const contract::CardCondition& condition : card.conditions) {
    text += Line(text.empty() ? "conditions" : "",
                 condition.key + ": acts as " + (condition.act.empty() ? "(no label)" : condition.act) +
                     "; trained with " + Join(condition.values, ", ") + "; guided against " +
                     (condition.against.empty() ? "(no label)" : condition.against));
  }
  text += Line("guidance", Short(card.guidance.lambda) + ", " + card.guidance.over_time);
  const std::string evidence = EvidenceText(card.guidance.evidence);
  return text + Line("  evidence", evidence.empty() ? "none" : evidence);
}

std::string Limits(const AdaptationCard& card) {
  std::vector<std::string> ranges;
  for (size_t i = 0; i < card.action.names.size(); ++i)
    ranges.push_back(card.action.names[i] + " " + Short(card.limits.low[i]) + " .. " + Short(card.limits.high[i]));
  return Line("limits",
              Join(ranges, ", ") + " (the target's range and " + Short(100 * card.limits.margin) + " % more)");
}

}  // namespace

std::string CheckpointText(const Checkpoint& checkpoint) {
  const AdaptationCard& card = checkpoint.card;
  std::string text = Line("policy", checkpoint.folder.string()) + Line("hash", checkpoint.hash);
  text += Reads(card) + Does(card) + Built(checkpoint) + Trained(card.training) + Conditions(card) + Limits(card);
  const std::vector<std::string> floored = Floored(checkpoint);
  text += Line("floored", floored.empty() ? "no dimension: all of them moved in training"
                                          : Join(floored, ", ") + " (hardly moved in training)");
  text += Line("terms", "made for " + card.terms.use + "; data of licence " + Join(card.terms.licenses, ", "));
  return WithoutControls(text);
}

Json CheckpointJson(const Checkpoint& checkpoint) {
  const Json config = policy::SpecToJson(checkpoint.policy->spec());
  return {{"folder", checkpoint.folder.string()},
          {"hash", checkpoint.hash},
          {"parameters", NumParameters(checkpoint)},
          {"bytes", Bytes(checkpoint)},
          {"nets", config.at("nets")},
          {"floored", Floored(checkpoint)},
          {"card", contract::ToJson(checkpoint.card)}};
}

}  // namespace heddle::serve
