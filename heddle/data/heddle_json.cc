#include "heddle/data/heddle_json.h"

#include "heddle/core/atomic_file.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/read_file.h"
#include "heddle/core/sha256.h"
#include "heddle/data/lerobot/json_fields.h"
#include "heddle/data/lerobot/path_template.h"

namespace heddle::data {
namespace {

using Json = nlohmann::ordered_json;

constexpr int64_t kSchema = 1;
constexpr const char* kHashKey = "content_sha256";
constexpr const char* kDamagedMend =
    "take a copy that is whole; or delete it, and label and seal the dataset anew: it holds no data";

std::string ContentHash(Json json) {
  json.erase(kHashKey);
  return Sha256Hex(CanonicalJson(json));
}

std::string HashOf(const JsonFields& fields, const std::string& key) {
  const std::string hash = fields.Text(key);
  if (hash.size() != 64 || hash.find_first_not_of("0123456789abcdef") != std::string::npos) {
    fields.Fail(key, "must be 64 hexadecimal digits", kDamagedMend);
  }
  return hash;
}

const Json& ListOf(const JsonFields& fields, const std::string& key) {
  const Json& list = fields.Require(key);
  if (!list.is_array()) fields.Fail(key, "must be a list", kDamagedMend);
  return list;
}

std::vector<Label> LabelsFrom(const JsonFields& top) {
  std::vector<Label> labels;
  if (top.Find("labels") == nullptr) return labels;
  for (const Json& item : ListOf(top, "labels")) {
    const JsonFields fields(item, top.PlaceOf("labels[" + std::to_string(labels.size()) + "]"));
    Label label;
    label.key = fields.Text("key");
    label.value = fields.Text("value");
    label.by = fields.TextOr("by", "");
    label.when = fields.TextOr("when", "");
    labels.push_back(std::move(label));
  }
  return labels;
}

Seal SealFrom(const JsonFields& fields) {
  Seal seal;
  for (const Json& item : ListOf(fields, "files")) {
    const JsonFields file(item, fields.PlaceOf("files[" + std::to_string(seal.files.size()) + "]"));
    SealedFile sealed{file.Text("path"), file.Whole("size_bytes"), 0, HashOf(file, "sha256")};
    RequirePlainPath(sealed.path, file.PlaceOf("path"));
    const Json& mtime = file.Require("mtime_ns");
    if (!mtime.is_number_integer()) file.Fail("mtime_ns", "must be a whole number", kDamagedMend);
    sealed.mtime_ns = mtime.get<int64_t>();
    seal.files.push_back(std::move(sealed));
  }
  const Json& episodes = ListOf(fields, "episodes");
  for (size_t i = 0; i < episodes.size(); ++i) {
    const Json holder = {{"sha256", episodes[i]}};
    seal.episodes.push_back(
        HashOf(JsonFields(holder, fields.PlaceOf("episodes[" + std::to_string(i) + "]")), "sha256"));
  }
  return seal;
}

Json ToJson(const std::vector<Label>& labels) {
  Json list = Json::array();
  for (const Label& label : labels) {
    list.push_back({{"key", label.key}, {"value", label.value}, {"by", label.by}, {"when", label.when}});
  }
  return list;
}

Json ToJson(const Seal& seal) {
  Json files = Json::array();
  for (const SealedFile& file : seal.files) {
    files.push_back(
        {{"path", file.path}, {"size_bytes", file.size_bytes}, {"mtime_ns", file.mtime_ns}, {"sha256", file.sha256}});
  }
  return {{"files", files}, {"episodes", seal.episodes}};
}

}  // namespace

std::string Seal::Id() const {
  std::string text;
  for (const SealedFile& file : files) text += file.sha256 + " " + file.path + "\n";
  return Sha256Hex(text);
}

std::filesystem::path HeddleJsonPath(const std::filesystem::path& root) { return root / "meta" / "heddle.json"; }

std::optional<HeddleJson> ReadHeddleJson(const std::filesystem::path& root) {
  const auto path = ResolveInside(root, "meta/heddle.json");
  if (!std::filesystem::exists(path)) return std::nullopt;
  const std::string place = path.string();
  HeddleJson content;
  content.raw = ParseJson(ReadFile(path), place);
  const JsonFields top(content.raw, place);
  if (const int64_t schema = top.Whole("schema"); schema > kSchema) {
    top.Fail("schema", "was written by a newer version: " + std::to_string(schema), "update this program");
  }
  if (HashOf(top, kHashKey) != ContentHash(content.raw)) {
    ThrowInput("is not what was written: its content and its own hash differ", place, kDamagedMend);
  }
  content.labels = LabelsFrom(top);
  if (top.Find("label_table") != nullptr) {
    const JsonFields table = top.Object("label_table");
    content.label_table = LabelTableHash{HashOf(table, "sha256"), std::nullopt};
    if (table.Find("before") != nullptr) content.label_table->before = HashOf(table, "before");
  }
  if (top.Find("seal") != nullptr) content.seal = SealFrom(top.Object("seal"));
  return content;
}

void WriteHeddleJson(const std::filesystem::path& root, const HeddleJson& content) {
  Json json = content.raw;
  json["schema"] = kSchema;
  json["labels"] = ToJson(content.labels);
  json.erase("label_table");
  if (content.label_table) {
    json["label_table"] = {{"sha256", content.label_table->sha256}};
    if (content.label_table->before) json["label_table"]["before"] = *content.label_table->before;
  }
  json.erase("seal");
  if (content.seal) json["seal"] = ToJson(*content.seal);
  json.erase(kHashKey);
  json[kHashKey] = ContentHash(json);
  WriteFileAtomically(HeddleJsonPath(root), DumpJson(json, 2) + "\n");
}

}  // namespace heddle::data
