#include "heddle/policy/checkpoint.h"

#include <ATen/ATen.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>
#include <utility>

#include "heddle/core/atomic_file.h"
#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/read_file.h"
#include "heddle/core/sha256.h"
#include "heddle/core/sync_folder.h"
#include "heddle/core/yaml_json.h"
#include "heddle/policy/spec_json.h"
#include "heddle/tensor/safetensors.h"

namespace heddle::policy {
namespace {

namespace fs = std::filesystem;

constexpr const char* kModel = "model.safetensors";
constexpr const char* kConfig = "config.json";
constexpr const char* kStats = "stats.safetensors";
constexpr const char* kCard = "card.yaml";
constexpr const char *kTrunkScript = "trunk.pt", *kCameraScript = "camera.pt";

bool IsOwn(const nn::Parameter& parameter) { return parameter.name.starts_with(std::string(Policy::kPrefix) + "."); }

tensor::NamedTensors OwnTensors(const Policy& policy, const at::Tensor& values) {
  tensor::NamedTensors tensors;
  const std::vector<at::Tensor> parts = policy.parameters().Split(values);
  for (size_t i = 0; i < parts.size(); ++i) {
    const nn::Parameter& parameter = policy.parameters().all()[i];
    if (IsOwn(parameter)) tensors[parameter.name] = parts[i].contiguous();
  }
  return tensors;
}

void CopyWeights(const tensor::NamedTensors& tensors, Policy& policy, const std::string& place) {
  const at::NoGradGuard no_grad;
  std::set<std::string> known;
  for (const nn::Parameter& parameter : policy.parameters().all()) {
    known.insert(parameter.name);
    const auto found = tensors.find(parameter.name);
    if (found == tensors.end()) ThrowInput("has no tensor '" + parameter.name + "'", place);
    if (found->second.sizes() != parameter.value.sizes() || found->second.scalar_type() != at::kFloat)
      ThrowInput("tensor '" + parameter.name + "' is not of the shape and type that config.json says", place);
    if (!at::isfinite(found->second).all().item<bool>())
      ThrowInput("tensor '" + parameter.name + "' holds numbers that are not finite", place);
    at::Tensor value = parameter.value;
    value.copy_(found->second);
  }
  for (const auto& [name, tensor] : tensors) {
    if (!known.contains(name)) ThrowInput("tensor '" + name + "' is not of the policy that config.json says", place);
  }
}

std::string HashOf(const fs::path& folder) {
  Sha256 hash;
  for (const char* file : {kModel, kConfig, kStats}) hash.Update(Sha256OfFile(folder / file).sha256);
  for (const char* file : {kTrunkScript, kCameraScript}) {
    if (fs::exists(folder / file)) hash.Update(Sha256OfFile(folder / file).sha256);
  }
  return hash.Hex();
}

void CopyScript(const std::string& from, const fs::path& to) { WriteFileAtomically(to, ReadFile(from)); }

// Copies the modules that somebody else wrote, and gives the spec that names the copies.
PolicySpec WithOwnScripts(PolicySpec spec, const fs::path& folder) {
  if (!spec.options.trunk.script.empty()) {
    CopyScript(spec.options.trunk.script, folder / kTrunkScript);
    spec.options.trunk.script = kTrunkScript;
  }
  if (!spec.options.camera.script.empty()) {
    CopyScript(spec.options.camera.script, folder / kCameraScript);
    spec.options.camera.script = kCameraScript;
  }
  return spec;
}

// Wherever the folder has gone to.
void FindScripts(PolicySpec& spec, const fs::path& folder) {
  for (std::string* script : {&spec.options.trunk.script, &spec.options.camera.script}) {
    if (!script->empty()) *script = (folder / fs::path(*script).filename()).string();
  }
}

// A folder that is taken away again unless it gets its name: what did not fit on the disk must not fill it.
class PartFolder {
 public:
  explicit PartFolder(fs::path path) : path_(std::move(path)) {
    std::error_code error;
    fs::remove_all(path_, error);
    fs::create_directories(path_, error);
    if (error) ThrowSystem("can't be made", path_.string(), error.value());
  }
  PartFolder(const PartFolder&) = delete;
  PartFolder& operator=(const PartFolder&) = delete;
  ~PartFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

void SaveCheckpoint(const fs::path& folder, const Policy& policy, const at::Tensor& values,
                    const contract::AdaptationCard& card, const std::function<void(const fs::path& folder)>& more) {
  const PartFolder made(folder.parent_path() / ("." + folder.filename().string() + ".part"));
  const fs::path& part = made.path();
  tensor::WriteSafetensors(part / kModel, OwnTensors(policy, values), {{"format", "heddle"}});
  tensor::WriteSafetensors(part / kStats, policy.normaliser().ToTensors(), policy.normaliser().ToMetadata());
  WriteFileAtomically(part / kConfig, DumpJson(SpecToJson(WithOwnScripts(policy.spec(), part)), 2) + "\n");
  WriteCard(part, card);
  if (more) more(part);
  SyncFolder(part);
  HEDDLE_DEMAND(!fs::exists(folder));
  std::error_code error;
  fs::rename(part, folder, error);
  if (error) ThrowSystem("can't be renamed to " + folder.string(), part.string(), error.value());
  SyncFolder(folder.parent_path());
}

Checkpoint LoadCheckpoint(const fs::path& given) {
  Checkpoint checkpoint;
  checkpoint.folder = FindCheckpoint(given);
  const fs::path& folder = checkpoint.folder;
  const std::string config = (folder / kConfig).string();
  PolicySpec spec = SpecFromJson(ParseJson(ReadFile(folder / kConfig), config), config);
  FindScripts(spec, folder);
  const fs::path stats = folder / kStats;
  Normaliser normaliser = Normaliser::FromTensors(tensor::ReadSafetensors(stats), spec.layout, stats.string());
  checkpoint.policy = std::make_unique<Policy>(std::move(spec), std::move(normaliser), RandomStream(0, "unused"));
  checkpoint.policy->parameters().Flatten();
  const fs::path model = folder / kModel;
  CopyWeights(tensor::ReadSafetensors(model).tensors, *checkpoint.policy, model.string());
  checkpoint.card = ReadCard(folder);
  checkpoint.hash = HashOf(folder);
  return checkpoint;
}

bool LooksLikeCheckpoint(const fs::path& folder) {
  return fs::exists(folder / kModel) || fs::exists(folder / "checkpoints" / "latest" / kModel);
}

fs::path FindCheckpoint(const fs::path& folder) {
  if (fs::exists(folder / kModel)) return folder;
  const fs::path latest = folder / "checkpoints" / "latest";
  if (fs::exists(latest / kModel)) {
    // By its own name, as `latest` may go on to another while it is read.
    std::error_code error;
    const fs::path target = fs::read_symlink(latest, error);
    return error ? latest : latest.parent_path() / target;
  }
  ThrowUsage("is neither a checkpoint nor a run that has one", folder.string(),
             "give a folder with model.safetensors, or with checkpoints/latest");
}

void WriteCard(const fs::path& folder, const contract::AdaptationCard& card) {
  WriteFileAtomically(folder / kCard, YamlFromJson(contract::ToJson(card)));
}

contract::AdaptationCard ReadCard(const fs::path& folder) {
  const std::string place = (folder / kCard).string();
  return contract::CardFromJson(JsonFromYaml(ReadFile(folder / kCard), place), place);
}

}  // namespace heddle::policy
