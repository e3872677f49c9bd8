// What a policy reads and does: which numbers, pictures and labels go in, which actions come out. Fixed when it is made
// and kept beside its weights (config.json).
//
// Bodies differ in what they sense and do. Every embodiment has features of its own ("observation.state@panda",
// "action@panda.ee_delta"), side by side in one vector of which a row fills its own part; the others' are zero and out
// of the loss. A matrix on that vector is one projection an embodiment around what all share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::policy {

struct NumberInput {
  std::string name = {};                // of the batch's feature
  std::string feature = {};             // of the datasets': "observation.state"
  std::string embodiment = {};          // whose; "": of all
  std::vector<std::string> names = {};  // of the dimensions

  int64_t size() const { return static_cast<int64_t>(names.size()); }
  friend bool operator==(const NumberInput&, const NumberInput&) = default;
  static void Visit(auto& self, auto& v) {
    v.Field("name", self.name), v.Field("feature", self.feature), v.Optional("embodiment", self.embodiment);
    v.Field("names", self.names);
  }
};

struct CameraInput {
  std::string name = {};
  int64_t height = 0, width = 0;
  std::string fit = "stretch";

  friend bool operator==(const CameraInput&, const CameraInput&) = default;
  static void Visit(auto& self, auto& v) {
    v.Field("name", self.name), v.Field("height", self.height, 1), v.Field("width", self.width, 1);
    v.Field("fit", self.fit);
  }
};

struct ActionOutput {
  std::string name = {};
  std::string embodiment = {}, representation = {};
  std::vector<std::string> names = {};

  int64_t size() const { return static_cast<int64_t>(names.size()); }
  friend bool operator==(const ActionOutput&, const ActionOutput&) = default;
  static void Visit(auto& self, auto& v) {
    v.Field("name", self.name), v.Field("embodiment", self.embodiment);
    v.Field("representation", self.representation), v.Field("names", self.names);
  }
};

// A label that the policy is told.
struct ConditionInput {
  std::string key = {};
  std::vector<std::string> values = {};  // in a batch: the place here plus 1; 0 for none

  friend bool operator==(const ConditionInput&, const ConditionInput&) = default;
  static void Visit(auto& self, auto& v) { v.Field("key", self.key), v.Field("values", self.values); }
};

struct PolicyLayout {
  std::vector<NumberInput> numbers = {};
  std::vector<CameraInput> cameras = {};
  std::vector<ActionOutput> actions = {};
  int64_t action_steps = 0;  // of a chunk
  double control_hz = 0;
  std::vector<ConditionInput> conditions = {};

  int64_t num_numbers() const;       // S: of all number inputs together
  int64_t num_actions() const;       // A: of all action outputs together
  int64_t NumberAt(size_t i) const;  // where input i begins in S
  int64_t ActionAt(size_t i) const;  // where output i begins in A
  // The action output of this name; usage error if there is none.
  size_t ActionIndex(std::string_view name) const;
  // Usage error: nothing to read, nothing to do, a size that is not positive, a name twice.
  void Check() const;

  friend bool operator==(const PolicyLayout&, const PolicyLayout&) = default;
  static void Visit(auto& self, auto& v) {
    v.Field("numbers", self.numbers), v.Field("cameras", self.cameras), v.Field("actions", self.actions);
    v.Field("action_steps", self.action_steps, 1), v.Field("control_hz", self.control_hz);
    v.Field("conditions", self.conditions);
  }
};

}  // namespace heddle::policy
