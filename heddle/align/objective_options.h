// The options of several objectives as one struct, made from the list of their types.
//
// The options of one objective, here of "pull", are
//
//   struct PullOptions {
//     static constexpr const char* kName = "pull";
//     static constexpr const char* kDoc = "draws all latents to the origin";
//     double weight = 0;                                       // 0: off, and nothing is made of it
//     template <class V> void Visit(V& v);                     // heddle/core/options.h; "weight" among the fields
//     std::unique_ptr<Objective> Make(const ObjectiveSetup&) const;
//   };
#pragma once

#include <memory>
#include <tuple>
#include <vector>

#include "heddle/align/objective.h"

namespace heddle::align {

template <class... Options>
class ObjectiveOptions {
 public:
  template <class T>
  T& Of() {
    return std::get<T>(all_);
  }
  template <class T>
  const T& Of() const {
    return std::get<T>(all_);
  }

  // A group an objective.
  template <class V>
  void Visit(V& v) {
    (v.Group(Options::kName, Of<Options>(), Options::kDoc), ...);
  }

  // Those that are on, in the order of the list.
  std::vector<std::unique_ptr<Objective>> Make(const ObjectiveSetup& setup) const {
    std::vector<std::unique_ptr<Objective>> made;
    const auto add = [&](const auto& options) {
      if (options.weight > 0) made.push_back(options.Make(setup));
    };
    (add(Of<Options>()), ...);
    return made;
  }

 private:
  std::tuple<Options...> all_;
};

}  // namespace heddle::align
