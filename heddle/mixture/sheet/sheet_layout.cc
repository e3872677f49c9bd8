#include "heddle/mixture/sheet/sheet_layout.h"

#include <algorithm>
#include <map>
#include <optional>

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/mixture/sheet/action_representation.h"
#include "heddle/mixture/sheet/convert_actions.h"
#include "heddle/mixture/sheet/source_feature.h"

namespace heddle::mixture {
namespace {

const char* const kAction = "action";
const char* const kState = "observation.state";

// One source's part in a feature; nothing where it has none.
using Column = std::vector<std::optional<SourceFeature>>;

class LayoutBuilder {
 public:
  LayoutBuilder(const Sheet& sheet, const std::vector<OpenSource>& sources) : sheet_(sheet), sources_(sources) {
    layout_.maps.resize(sources.size());
  }

  void AddObservation(const std::string& name) {
    const Column column = ColumnOf(name);
    if (std::ranges::none_of(column, [](const auto& feature) { return feature.has_value(); })) ThrowNoSource(name);
    const size_t first = Reference(column, "");
    const bool shared = name != kState && std::ranges::all_of(column, [&](const auto& feature) {
                          return !feature || HaveSameNames(*feature, *column[first]);
                        });
    if (shared) {
      Add({name, name, "", "", false, {}}, column);
      return;
    }
    for (const std::string& body : Embodiments()) AddOf(body, {name + "@" + body, name, body, "", false, {}}, column);
  }

  void AddActions() {
    Column column = ColumnOf(kAction);
    std::map<std::string, size_t> first_of;
    conversions_.resize(column.size());
    for (size_t i = 0; i < column.size(); ++i) {
      CheckRepresentation(i, column[i]);
      if (!column[i]) continue;
      Convert(i, *column[i]);
      const auto [first, is_new] = first_of.emplace(Source(i).embodiment, i);
      if (!is_new) RefuseOtherRepresentation(first->second, i);
    }
    for (const std::string& body : Embodiments()) {
      const auto first = first_of.find(body);
      if (first == first_of.end()) continue;
      const std::string& representation = RepresentationOf(Source(first->second));
      AddOf(body, {std::string(kAction) + "@" + body + "." + representation, kAction, body, representation, true, {}},
            column);
    }
  }

  SheetLayout Take() { return std::move(layout_); }

 private:
  const SheetSource& Source(size_t i) const { return *sources_[i].sheet; }
  std::string What(size_t i) const { return "source " + Source(i).name; }

  Column ColumnOf(const std::string& name) const {
    Column column;
    for (const OpenSource& source : sources_) column.push_back(FindSourceFeature(sheet_, source, name));
    return column;
  }

  // In the order of their first source, the target's before the others.
  std::vector<std::string> Embodiments() const {
    std::vector<std::string> bodies;
    for (const bool target : {true, false}) {
      for (const OpenSource& source : sources_) {
        if ((source.sheet->domain == sheet_.target) != target) continue;
        if (std::ranges::find(bodies, source.sheet->embodiment) == bodies.end()) {
          bodies.push_back(source.sheet->embodiment);
        }
      }
    }
    return bodies;
  }

  // The source whose dimensions the layout takes over: the target's first one, else the first. Of all embodiments where
  // `body` is empty; the number of sources where there is none.
  size_t Reference(const Column& column, const std::string& body) const {
    size_t found = column.size();
    for (size_t i = 0; i < column.size(); ++i) {
      if (!column[i] || (!body.empty() && Source(i).embodiment != body)) continue;
      if (Source(i).domain == sheet_.target) return i;
      found = std::min(found, i);
    }
    return found;
  }

  void AddOf(const std::string& body, const BoundFeature& feature, Column column) {
    for (size_t i = 0; i < column.size(); ++i) {
      if (Source(i).embodiment != body) column[i].reset();
    }
    if (Reference(column, body) < column.size()) Add(feature, column);
  }

  void Add(BoundFeature feature, const Column& column) {
    const SourceFeature& reference = *column[Reference(column, "")];
    feature.dimension_names = reference.names();
    NumericLayout numbers{feature.name, SlotsFor(feature, reference)};
    for (size_t i = 0; i < column.size(); ++i) {
      auto& slots = layout_.maps[i].slots[feature.name];
      if (!column[i]) {
        for (const Slot& slot : numbers.slots) slots[slot.name].missing = true;
        continue;
      }
      const bool mapped = Source(i).map.features.contains(feature.feature);
      if (feature.is_action && conversions_[i]) {
        layout_.maps[i].slots.erase(feature.name);
        layout_.maps[i].conversions[feature.name] = Ordered(i, feature, numbers, *column[i]);
        continue;
      }
      slots = FillSlots(numbers.slots, feature.dimension_names, *column[i],
                        What(i) + ": " + feature.feature + " of " + Source(i).embodiment,
                        sheet_.PlaceOf(Source(i), mapped ? "map" : "dataset"));
    }
    layout_.numbers.push_back(std::move(numbers));
    layout_.features.push_back(std::move(feature));
  }

  // In place of the dataset's dimensions, those that the conversion gives.
  void Convert(size_t i, SourceFeature& actions) {
    if (RepresentationOf(Source(i)) == Source(i).action_representation) return;
    conversions_[i] = ResolveConversion(sheet_, sources_[i], actions);
    actions.dims.clear();
    for (const std::string& name : ConvertedNames(*conversions_[i])) {
      actions.dims.push_back({name, static_cast<int64_t>(actions.dims.size()), 1, 0, false});
    }
  }

  // The conversion with the layout's order of its dimensions.
  ActionConversion Ordered(size_t i, const BoundFeature& feature, const NumericLayout& numbers,
                           const SourceFeature& converted) const {
    ActionConversion conversion = *conversions_[i];
    const auto places =
        FillSlots(numbers.slots, feature.dimension_names, converted,
                  What(i) + ": converted actions of " + Source(i).embodiment, sheet_.PlaceOf(Source(i), "map"));
    for (const Slot& slot : numbers.slots) {
      const std::vector<int64_t>& positions = places.at(slot.name).positions;
      conversion.order.insert(conversion.order.end(), positions.begin(), positions.end());
    }
    return conversion;
  }

  static std::vector<Slot> SlotsFor(const BoundFeature& feature, const SourceFeature& reference) {
    if (feature.is_action) return SlotsOfAction(feature.dimension_names, feature.representation);
    std::vector<Slot> slots = SlotsOfObservation(feature.dimension_names);
    for (Slot& slot : slots) {
      if (reference.is_whole_numbers) slot.meaning = Meaning::kHeld;
    }
    return slots;
  }

  [[noreturn]] void ThrowNoSource(const std::string& name) const {
    std::vector<std::string> known;
    for (const data::Feature& feature : sources_[0].dataset->info().features) {
      if (feature.name.starts_with("observation.") && !feature.is_camera()) known.push_back(feature.name);
    }
    ThrowUsage("no source has numbers '" + name + "'", sheet_.file, SuggestName(name, known));
  }

  // Drops the actions of a source that is said to have none.
  void CheckRepresentation(size_t i, std::optional<SourceFeature>& actions) const {
    const std::string& said = Source(i).action_representation;
    if (said == "none") actions.reset();
    if (actions && said.empty()) {
      ThrowUsage(What(i) + ": the dataset has actions, and the sheet does not say what they are",
                 sheet_.PlaceOf(Source(i)),
                 "add action_representation, one of: " + Join(ActionRepresentations(), ", "));
    }
    if (!actions && !said.empty() && said != "none") {
      ThrowUsage(What(i) + ": the dataset has no actions, and the sheet says " + said,
                 sheet_.PlaceOf(Source(i), "action_representation"), "write none, or map the feature that holds them");
    }
  }

  void RefuseOtherRepresentation(size_t first, size_t i) const {
    const std::string &one = RepresentationOf(Source(first)), &other = RepresentationOf(Source(i));
    if (one == other) return;
    const auto reason = WhyNotConvertible(other, one, true);
    const std::string mend = reason ? "no way leads from one to the other: " + *reason
                                    : "convert one: map: {action: {convert: " + one +
                                          "}}; or name the embodiments apart if they are not the same body";
    ThrowUsage(What(i) + ": actions " + other + " of " + Source(i).embodiment + " do not mix with " + one +
                   ", which source " + Source(first).name + " has",
               sheet_.PlaceOf(Source(i), "action_representation"), mend);
  }

  const Sheet& sheet_;
  const std::vector<OpenSource>& sources_;
  SheetLayout layout_;
  std::vector<std::optional<ActionConversion>> conversions_;  // one a source
};

std::vector<std::string> TargetObservations(const Sheet& sheet, const std::vector<OpenSource>& sources) {
  std::vector<std::string> names;
  const auto add = [&](const OpenSource& source, const std::string& name) {
    if (!name.starts_with("observation.") || std::ranges::find(names, name) != names.end()) return;
    if (FindSourceFeature(sheet, source, name)) names.push_back(name);
  };
  for (const OpenSource& source : sources) {
    if (source.sheet->domain != sheet.target) continue;
    for (const data::Feature& feature : source.dataset->info().features) add(source, feature.name);
    for (const auto& [name, unused] : source.sheet->map.features) add(source, name);
  }
  return names;
}

}  // namespace

SheetLayout LayoutOf(const Sheet& sheet, const std::vector<OpenSource>& sources,
                     const std::vector<std::string>& observations) {
  LayoutBuilder builder(sheet, sources);
  for (const std::string& name : observations.empty() ? TargetObservations(sheet, sources) : observations) {
    builder.AddObservation(name);
  }
  builder.AddActions();
  return builder.Take();
}

}  // namespace heddle::mixture
