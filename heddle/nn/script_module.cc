#include "heddle/nn/script_module.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

#include <filesystem>
#include <utility>

#include "heddle/core/error.h"

namespace heddle::nn {
namespace {

// What torch says, without a trace of our own stack: of a script's failure the last line that is not empty.
std::string Gist(const std::string& text) {
  const size_t end = text.find_last_not_of(" \n");
  if (end == std::string::npos) return "no reason given";
  const size_t before = text.find_last_of('\n', end);
  return text.substr(before == std::string::npos ? 0 : before + 1, end - (before == std::string::npos ? 0 : before));
}

torch::jit::Module Load(const std::string& file, const std::string& key) {
  if (file.empty()) ThrowUsage("no file is named", key, "name a module saved by torch.jit.script(module).save(file)");
  if (!std::filesystem::is_regular_file(file)) {
    ThrowInput("there is no such file", file, key + " names a module saved by torch.jit.script(module).save(file)");
  }
  try {
    return torch::jit::load(file);
  } catch (const std::exception&) {
    ThrowInput("this is no TorchScript module", file, "write it by torch.jit.script(module).save(file)");
  }
}

ScriptSignature SignatureOf(const c10::FunctionSchema& schema) {
  ScriptSignature found;
  for (size_t i = 1; i < schema.arguments().size(); ++i) {
    const c10::Argument& argument = schema.arguments()[i];
    found.arguments.push_back({argument.name(), argument.type()->annotation_str()});
  }
  found.gives = schema.returns().empty() ? "None" : schema.returns()[0].type()->annotation_str();
  return found;
}

bool SameTypes(const ScriptSignature& a, const ScriptSignature& b) {
  if (a.gives != b.gives || a.arguments.size() != b.arguments.size()) return false;
  for (size_t i = 0; i < a.arguments.size(); ++i) {
    if (a.arguments[i].type != b.arguments[i].type) return false;
  }
  return true;
}

void CheckSignature(const torch::jit::Module& module, const std::string& file, const ScriptSignature& expected) {
  const std::string mend = "write it as " + expected.Text();
  const auto method = module.find_method("forward");
  if (!method) ThrowInput("the module has no forward", file, mend);
  const ScriptSignature found = SignatureOf(method->function().getSchema());
  if (!SameTypes(found, expected)) ThrowInput("the module's forward is " + found.Text(), file, mend);
}

}  // namespace

std::string ScriptSignature::Text() const {
  std::string text = "forward(self";
  for (const Argument& argument : arguments) text += ", " + argument.name + ": " + argument.type;
  return text + ") -> " + gives;
}

struct ScriptModule::State {
  std::string file;
  torch::jit::Module module;
  std::vector<at::Tensor> buffers;
  std::vector<int64_t> versions;

  // One that was replaced is another tensor; one that was written to has another version.
  void CheckBuffers() const {
    size_t i = 0;
    for (const auto& buffer : module.named_buffers()) {
      if (!buffer.value.is_same(buffers.at(i)) || buffer.value._version() != versions[i]) {
        ThrowInput("forward changed buffer " + buffer.name, file,
                   "a checkpoint holds parameters only: make it a parameter, or leave it as it is");
      }
      ++i;
    }
  }
};

ScriptModule::ScriptModule(const ParameterScope& scope, const std::string& file, const std::string& key,
                           const ScriptSignature& signature)
    : state_(std::make_unique<State>(State{file, Load(file, key), {}, {}})) {
  torch::jit::Module& module = state_->module;
  CheckSignature(module, file, signature);
  module.train();
  for (const auto& parameter : module.named_parameters()) {
    if (!parameter.value.requires_grad()) continue;
    if (parameter.value.scalar_type() != at::kFloat) {
      ThrowInput("parameter " + parameter.name + " is not float32", file, "save the module after .float()");
    }
    scope.Adopt(parameter.name, parameter.value);
  }
  for (const auto& buffer : module.named_buffers()) {
    state_->buffers.push_back(buffer.value);
    state_->versions.push_back(buffer.value._version());
  }
}

ScriptModule::~ScriptModule() = default;
ScriptModule::ScriptModule(ScriptModule&&) noexcept = default;
ScriptModule& ScriptModule::operator=(ScriptModule&&) noexcept = default;

const std::string& ScriptModule::file() const { return state_->file; }

c10::IValue ScriptModule::operator()(std::vector<c10::IValue> arguments) const {
  // Optimised after its first runs, a module would give other bits then, and a resumed run has its first runs later.
  const torch::jit::GraphOptimizerEnabledGuard as_written(false);
  try {
    const c10::IValue answer = state_->module.forward(std::move(arguments));
    state_->CheckBuffers();
    return answer;
  } catch (const Error&) {
    throw;
  } catch (const c10::Error& error) {
    ThrowInput("the module's forward failed: " + Gist(error.what_without_backtrace()), state_->file);
  } catch (const std::exception& error) {
    ThrowInput("the module's forward failed: " + Gist(error.what()), state_->file);
  }
}

}  // namespace heddle::nn
