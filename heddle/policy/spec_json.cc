#include "heddle/policy/spec_json.h"

#include <nlohmann/json.hpp>

#include "heddle/contract/record_json.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/options.h"

namespace heddle::policy {
namespace {

using Json = nlohmann::ordered_json;

constexpr int64_t kSchema = 1;

struct Config {
  int64_t schema = kSchema;
  PolicyLayout layout;
  Json nets = Json::object(), conditions = Json::object();

  static void Visit(auto& self, auto& v) {
    v.Field("schema", self.schema), v.Field("layout", self.layout), v.Field("nets", self.nets);
    v.Field("conditions", self.conditions);
  }
};

}  // namespace

Json SpecToJson(const PolicySpec& spec) {
  PolicySpec copy = spec;
  const Config config{.layout = spec.layout,
                      .nets = ToJson(OptionTree::Of("nets", copy.options)),
                      .conditions = ToJson(OptionTree::Of("conditions", copy.conditions))};
  return contract::RecordWriter::Of(config);
}

PolicySpec SpecFromJson(const Json& json, const std::string& place) {
  Config config;
  contract::RecordReader reader(json, place, "");
  Config::Visit(config, reader);
  reader.RefuseOthers();
  if (config.schema != kSchema) {
    ThrowInput("has schema " + std::to_string(config.schema) + ", and this program reads " + std::to_string(kSchema),
               place, "use the version that wrote it");
  }
  PolicySpec spec;
  spec.layout = config.layout;
  try {
    FromJson(OptionTree::Of("nets", spec.options), config.nets, place);
    FromJson(OptionTree::Of("conditions", spec.conditions), config.conditions, place);
    spec.layout.Check();
  } catch (const Error& error) {  // of a file, whoever wrote it
    ThrowInput(error.message(), error.where().empty() ? place : error.where(), error.mend());
  }
  return spec;
}

}  // namespace heddle::policy
