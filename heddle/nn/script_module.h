// A part of a model that somebody else wrote: a TorchScript module, trained and saved like ours.
//
// Its parameters join a set under the scope's name; those that need no gradient and all buffers are constants, as only
// parameters are saved in a checkpoint, and a forward that writes to a buffer is refused. It may draw no chance of its
// own (no dropout): torch's generators are no part of a checkpoint either, and a resumed run would differ.
#pragma once

#include <ATen/core/ivalue.h>

#include <memory>
#include <string>
#include <vector>

#include "heddle/nn/parameters.h"

namespace heddle::nn {

// What forward must take and give, in the words of Python's annotations.
struct ScriptSignature {
  struct Argument {
    std::string name, type;
  };
  std::vector<Argument> arguments;
  std::string gives;

  std::string Text() const;  // "forward(self, z: Tensor) -> Tensor"
};

class ScriptModule {
 public:
  // `key` names the setting that gave the file. kUsage where it is empty; kInput, naming the file, where it is no
  // module, forward has another signature, or a parameter is not of the type float32.
  ScriptModule(const ParameterScope& scope, const std::string& file, const std::string& key,
               const ScriptSignature& signature);
  ~ScriptModule();
  ScriptModule(ScriptModule&&) noexcept;
  ScriptModule& operator=(ScriptModule&&) noexcept;

  // forward's answer. kInput where it fails or changes a buffer.
  c10::IValue operator()(std::vector<c10::IValue> arguments) const;

  const std::string& file() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace heddle::nn
