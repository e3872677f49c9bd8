#include "heddle/serve/observation_reader.h"

#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "heddle/contract/card_fit.h"
#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/core/text.h"

namespace heddle::serve {
namespace {

using contract::Array;
using contract::DType;
using wire::Value;

std::string FoundText(const Array& array) {
  return std::string(contract::DTypeName(array.dtype())) + " " + contract::ShapeText(array.shape());
}

std::vector<std::string> TextKeys(const Value& observation) {
  std::vector<std::string> keys;
  for (const wire::Entry& entry : *observation.Get<wire::Map>()) {
    if (!entry.key.is_bin) keys.push_back(entry.key.text);
  }
  return keys;
}

// The array of a key; null, with a line, where there is none.
const Array* ArrayAt(const Value& observation, const std::string& key, const std::string& wanted,
                     std::vector<std::string>& misfits) {
  const Value* value = observation.Find(key);
  if (value == nullptr) {
    const auto near = Nearest(key, TextKeys(observation));
    misfits.push_back(key + ": is missing, wanted " + wanted + (near ? " ('" + *near + "' was sent)" : ""));
    return nullptr;
  }
  const Array* array = value->Get<Array>();
  if (array == nullptr) misfits.push_back(key + ": is " + value->KindName() + ", wanted " + wanted);
  return array;
}

// What a client says of itself, held against the card.
void CheckBody(const contract::AdaptationCard& card, const Value& observation, std::vector<std::string>& misfits) {
  contract::OfferedBody offered;
  offered.numbers = card.observation.numbers;
  offered.cameras = card.observation.cameras;
  for (const auto& [key, field] : {std::pair("embodiment", &offered.embodiment),
                                   std::pair("action_representation", &offered.action_representation)}) {
    const Value* said = observation.Find(key);
    if (said == nullptr) continue;
    const auto* text = said->Get<std::string>();
    if (text == nullptr) {
      misfits.push_back(std::string(key) + ": is " + said->KindName() + ", not a text");
    } else {
      *field = *text;
    }
  }
  if (const Value* said = observation.Find("control_hz")) {
    const auto hz = said->Number();
    if (hz && std::isfinite(*hz) && *hz > 0) {
      offered.control_hz = *hz;
    } else {
      misfits.emplace_back("control_hz: is no number above 0");
    }
  }
  for (const contract::CardMisfit& misfit : contract::Misfits(card, offered)) misfits.push_back(misfit.Text());
}

}  // namespace

std::string KeyOf(const std::string& feature) {
  for (const std::string prefix : {"observation.images.", "observation."}) {
    if (!feature.starts_with(prefix)) continue;
    std::string key = feature;
    for (size_t i = 0; i < prefix.size(); ++i) key[i] = prefix[i] == '.' ? '/' : prefix[i];
    return key;
  }
  return feature;
}

ObservationReader::ObservationReader(const contract::AdaptationCard& card, const policy::PolicyLayout& layout,
                                     const policy::Normaliser& normaliser)
    : card_(card) {
  std::map<std::string, std::vector<std::string>> names;
  for (size_t i = 0; i < layout.numbers.size(); ++i) {
    const policy::NumberInput& input = layout.numbers[i];
    if (!input.embodiment.empty() && input.embodiment != card.embodiment) continue;
    const auto at = static_cast<size_t>(layout.NumberAt(i));
    std::vector<Range>& ranges = ranges_[input.feature];
    for (size_t d = at; d < at + input.names.size(); ++d)
      ranges.push_back({normaliser.numbers.centre[d], normaliser.numbers.scale[d]});
    names[input.feature] = input.names;
  }
  for (const contract::CardNumbers& numbers : card.observation.numbers) {
    if (names[numbers.name] != numbers.names) {
      ThrowInput("the card's '" + numbers.name + "' differs from the policy's", "card.yaml",
                 "take a card that was made for this checkpoint");
    }
  }
}

policy::Observation ObservationReader::Read(const Value& observation) const {
  if (!observation.Get<wire::Map>()) ThrowInput("an observation is a map", "observation");
  std::vector<std::string> misfits;
  std::map<std::string, const Array*> arrays;
  for (const contract::CardNumbers& numbers : card_.observation.numbers) {
    const std::string key = KeyOf(numbers.name), wanted = std::to_string(numbers.names.size()) + " numbers";
    const Array* array = arrays[numbers.name] = ArrayAt(observation, key, wanted, misfits);
    if (array == nullptr) continue;
    const bool fits = array->shape() == contract::Shape{static_cast<int64_t>(numbers.names.size())};
    if (!fits || array->dtype() == DType::kBool)
      misfits.push_back(key + ": is " + FoundText(*array) + ", wanted " + wanted);
  }
  policy::Observation read;
  for (const contract::CardCamera& camera : card_.observation.cameras) {
    const contract::Shape shape = {camera.height, camera.width, 3};
    const std::string key = KeyOf(camera.name), wanted = "uint8 " + contract::ShapeText(shape);
    const Array* array = ArrayAt(observation, key, wanted, misfits);
    if (array == nullptr) continue;
    if (array->shape() != shape || array->dtype() != DType::kU8) {
      misfits.push_back(key + ": is " + FoundText(*array) + ", wanted " + wanted);
    } else {
      read.pictures[camera.name] = {array->Values<uint8_t>().data(), camera.height, camera.width};
    }
  }
  CheckBody(card_, observation, misfits);
  if (!misfits.empty()) ThrowInput("does not fit the policy's card: " + Join(misfits, "; "), "observation");

  for (const contract::CardNumbers& numbers : card_.observation.numbers) {
    const std::vector<Range>& ranges = ranges_.at(numbers.name);
    std::vector<float>& values = read.numbers[numbers.name];
    for (size_t d = 0; d < numbers.names.size(); ++d) {
      const double value = arrays[numbers.name]->At(static_cast<int64_t>(d));
      const std::string place = KeyOf(numbers.name) + "[" + std::to_string(d) + "] (" + numbers.names[d] + ")";
      if (!std::isfinite(value)) ThrowInput("is " + FormatDouble(value) + ", and no action follows from that", place);
      if (std::abs(value - ranges[d].centre) > kMostDeviations * ranges[d].scale) {
        ThrowInput("is " + FormatDouble(value) + ", and in training it lay around " + FormatDouble(ranges[d].centre),
                   place, "send it in the unit that the policy was trained with");
      }
      values.push_back(static_cast<float>(value));
    }
  }
  return read;
}

namespace {

uint64_t WholeNumber(const Value& value, const std::string& key) {
  if (const auto* whole = value.Get<uint64_t>()) return *whole;
  if (const auto* whole = value.Get<int64_t>(); whole != nullptr && *whole >= 0) return static_cast<uint64_t>(*whole);
  constexpr double kExact = 9007199254740992.0;  // 2^53
  const auto number = value.Get<int64_t>() ? std::nullopt : value.Number();
  if (!number || !(*number >= 0) || *number > kExact || std::floor(*number) != *number)
    ThrowInput("is no whole number from 0", key);
  return static_cast<uint64_t>(*number);
}

}  // namespace

std::optional<Chance> ChanceOf(const Value& observation) {
  const Value *seed = observation.Find("episode_seed"), *step = observation.Find("step");
  if (seed == nullptr && step == nullptr) return std::nullopt;
  if (seed == nullptr || step == nullptr)
    ThrowInput("one of them is missing", "episode_seed, step", "send both, or neither");
  const uint64_t step_number = WholeNumber(*step, "step");
  if (step_number > INT64_MAX) ThrowInput("is too large", "step");
  return Chance{WholeNumber(*seed, "episode_seed"), static_cast<int64_t>(step_number)};
}

}  // namespace heddle::serve
