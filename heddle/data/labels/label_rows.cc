#include "heddle/data/labels/label_rows.h"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/text.h"
#include "heddle/data/dataset.h"
#include "heddle/data/labels/csv.h"

namespace heddle::data {
namespace {

constexpr size_t kMostKeyBytes = 200, kMostValueBytes = size_t{1} << 16;
// A time that was rounded to three digits still means its frame.
constexpr double kSlackFrames = 0.02;

const std::vector<std::string>& FieldNames() {
  static const std::vector<std::string> kNames = {"episode", "from_frame", "to_frame", "from_s", "to_s",
                                                  "level",   "key",        "value",    "by",     "when"};
  return kNames;
}

class Fields {
 public:
  Fields(const std::map<std::string, std::string>& fields, const std::string& place) : fields_(fields), place_(place) {
    for (const auto& [name, text] : fields) {
      if (std::find(FieldNames().begin(), FieldNames().end(), name) == FieldNames().end()) {
        ThrowInput("there is no field '" + name + "'", place, SuggestName(name, FieldNames()));
      }
    }
  }

  std::optional<std::string> Text(const std::string& name) const {
    const auto found = fields_.find(name);
    if (found == fields_.end() || found->second.empty()) return std::nullopt;
    return found->second;
  }

  template <class Number>
  std::optional<Number> Parsed(const std::string& name, const char* wanted) const {
    const auto text = Text(name);
    if (!text) return std::nullopt;
    Number number{};
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc() || end != text->data() + text->size()) {
      Fail(name + " must be " + wanted + ", and is '" + text->substr(0, 40) + "'");
    }
    return number;
  }

  [[noreturn]] void Fail(const std::string& what, const std::string& mend = "") const {
    ThrowInput(what, place_, mend);
  }

 private:
  const std::map<std::string, std::string>& fields_;
  const std::string& place_;
};

// The first frame at or after a time.
std::optional<int64_t> FrameOf(const Fields& fields, const std::string& which, double fps) {
  const auto frame = fields.Parsed<int64_t>(which + "_frame", "a whole number");
  const auto time_s = fields.Parsed<double>(which + "_s", "a number of seconds");
  if (frame && time_s) fields.Fail(which + "_frame and " + which + "_s are both given", "give one of them");
  if (frame && *frame < 0) fields.Fail(which + "_frame is negative");
  if (!time_s) return frame;
  if (!std::isfinite(*time_s) || *time_s < 0 || *time_s > 1e9) fields.Fail(which + "_s is no time in an episode");
  return static_cast<int64_t>(std::ceil(*time_s * fps - kSlackFrames));
}

LabelLevel LevelOf(const Fields& fields, bool has_episode, bool has_frames) {
  const auto name = fields.Text("level");
  if (!name) return !has_episode ? LabelLevel::kDataset : has_frames ? LabelLevel::kSpan : LabelLevel::kEpisode;
  const auto level = LevelFromName(*name);
  if (!level) fields.Fail("there is no level '" + *name + "'", SuggestName(*name, LevelNames()));
  if ((*level == LabelLevel::kDataset) == has_episode) {
    fields.Fail(
        has_episode ? "a label of the dataset names an episode" : "a label of the level " + *name + " names no episode",
        has_episode ? "leave the episode empty, or the level" : "add its episode");
  }
  const bool whole = *level == LabelLevel::kDataset || *level == LabelLevel::kEpisode;
  if (whole && has_frames) fields.Fail("a label of the level " + *name + " names frames", "give the level 'span'");
  return *level;
}

void CheckText(const Fields& fields, const Label& label) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (label.key.size() > kMostKeyBytes)
    fields.Fail("the key is longer than " + std::to_string(kMostKeyBytes) + " bytes");
  if (label.value.size() > kMostValueBytes) {
    fields.Fail("the value is longer than " + std::to_string(kMostValueBytes) + " bytes");
  }
  if (std::any_of(label.key.begin(), label.key.end(), control) || label.key.find('=') != std::string::npos) {
    fields.Fail("the key holds '=' or a control character");
  }
  for (const std::string* text : {&label.key, &label.value, &label.by, &label.when}) {
    if (!IsUtf8(*text)) fields.Fail("text that is not UTF-8");
    if (text->find('\0') != std::string::npos) fields.Fail("text with a NUL");
  }
}

// An episode that is there, and frames of it.
void Place(const Fields& fields, const RowContext& context, std::optional<int64_t> from, std::optional<int64_t> to,
           Label& label) {
  const auto count = static_cast<int64_t>(context.episode_lengths.size());
  if (label.episode < 0 || label.episode >= count) {
    fields.Fail("there is no episode " + std::to_string(label.episode),
                count == 0 ? "the dataset is empty" : "episodes are 0 to " + std::to_string(count - 1));
  }
  const int64_t length = context.episode_lengths[static_cast<size_t>(label.episode)];
  label.from_frame = from.value_or(0);
  label.to_frame = to.value_or(length);
  if (label.from_frame < label.to_frame && label.to_frame <= length) return;
  fields.Fail("frames " + std::to_string(label.from_frame) + " to " + std::to_string(label.to_frame) +
                  " (not included) are no frames of episode " + std::to_string(label.episode),
              "it has " + std::to_string(length) + " frames, and the end must be behind the beginning");
}

std::string TextOfJson(const nlohmann::ordered_json& value, const std::string& key, const std::string& place) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_structured()) ThrowInput("'" + key + "' must be text or a number", place);
  return DumpJson(value);
}

bool IsBlank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

}  // namespace

RowContext RowContext::Of(const Dataset& dataset, std::string by, std::string when) {
  RowContext context{dataset.info().fps, {}, std::move(by), std::move(when)};
  for (const Episode& episode : dataset.episodes()) context.episode_lengths.push_back(episode.length);
  return context;
}

Label LabelFromFields(const std::map<std::string, std::string>& given, const std::string& place,
                      const RowContext& context) {
  const Fields fields(given, place);
  const auto key = fields.Text("key"), value = fields.Text("value");
  if (!key) fields.Fail("the key is missing");
  if (!value) fields.Fail("the value is missing", "a label is a key with a value: domain, sim");
  const auto episode = fields.Parsed<int64_t>("episode", "a whole number");
  const auto from = FrameOf(fields, "from", context.fps), to = FrameOf(fields, "to", context.fps);
  Label label;
  label.level = LevelOf(fields, episode.has_value(), from || to);
  label.key = *key;
  label.value = *value;
  label.by = fields.Text("by").value_or(context.by);
  label.when = fields.Text("when").value_or(context.when);
  CheckText(fields, label);
  if (!episode) {
    if (from || to) fields.Fail("frames are given and no episode", "add the episode");
    return label;
  }
  label.episode = *episode;
  Place(fields, context, from, to, label);
  return label;
}

std::vector<PlacedLabel> LabelsFromCsv(std::string_view text, const std::string& place, const RowContext& context) {
  const std::vector<CsvRecord> records = ParseCsv(text, place);
  if (records.empty()) ThrowInput("the file is empty", place, "its first line names the fields: episode,key,value");
  const std::vector<std::string>& names = records.front().fields;
  std::vector<PlacedLabel> labels;
  for (size_t i = 0; i < records.size(); ++i) {
    const std::string where = place + ":" + std::to_string(records[i].line);
    if (records[i].fields.size() != names.size()) {
      ThrowInput("has " + std::to_string(records[i].fields.size()) + " fields, and the first line names " +
                     std::to_string(names.size()),
                 where, "quote a field that holds a comma");
    }
    std::map<std::string, std::string> fields;
    for (size_t f = 0; f < names.size(); ++f) {
      if (!fields.emplace(names[f], records[i].fields[f]).second) {
        ThrowInput("the field '" + names[f] + "' is named twice", place + ":" + std::to_string(records[0].line));
      }
    }
    if (i == 0) {
      const Fields known(fields, where);  // unknown names, told once
      continue;
    }
    labels.push_back({LabelFromFields(fields, where, context), where});
  }
  return labels;
}

std::vector<PlacedLabel> LabelsFromJsonLines(std::string_view text, const std::string& place,
                                             const RowContext& context) {
  std::vector<PlacedLabel> labels;
  int64_t line = 1;
  for (size_t begin = 0; begin < text.size(); ++line) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view row = text.substr(begin, end - begin);
    begin = end + 1;
    if (IsBlank(row)) continue;
    const std::string where = place + ":" + std::to_string(line);
    const auto json = ParseJson(row, where);
    if (!json.is_object())
      ThrowInput("a JSON object is needed", where, R"({"episode": 0, "key": "..", "value": ".."})");
    std::map<std::string, std::string> fields;
    for (const auto& [key, value] : json.items()) fields[key] = TextOfJson(value, key, where);
    labels.push_back({LabelFromFields(fields, where, context), where});
  }
  return labels;
}

}  // namespace heddle::data
