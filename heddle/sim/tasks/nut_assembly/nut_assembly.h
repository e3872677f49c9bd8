// nut_assembly: put a square nut on a square peg, a round nut on a round peg, or both.
//
// Sizes, resets (D0) and success as robosuite 1.5.2's NutAssembly has them: a nut is on its peg when its centre is
// within 3 cm of the peg's in x and y and below 5 cm over the table, and the hand has let go and is 4.24 cm away from
// it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "heddle/sim/task.h"

namespace heddle::sim::nut_assembly {

enum class Nuts { kSquare, kRound, kBoth };

struct NutAssemblyOptions {
  Nuts nuts = Nuts::kSquare;

  template <class Visitor>
  void Visit(Visitor& v) {
    v.Field("nuts", nuts,
            {.doc = "which nuts are there and must be put on their pegs", .names = {"square", "round", "both"}});
  }
};

// A nut and the peg that it belongs on.
struct Assembly {
  std::string nut, peg;  // names of bodies
  bool turns_freely;     // round: any yaw fits
  double handle_m;       // from the centre to the handle's middle, at size 1
  double reset_y_low_m, reset_y_high_m;
};
std::vector<Assembly> AssembliesOf(Nuts nuts);

inline constexpr double kTableTop_m = 0.82;
inline constexpr double kPegTop_m = 0.95;
inline constexpr double kOnPeg_m = 0.03;        // in x and in y
inline constexpr double kSeatedBelow_m = 0.05;  // over the table
inline constexpr double kHandAway_m = 0.0424;

// Seated: on its peg, let go or not.
bool IsSeated(const Pose& nut, const Pose& peg);

std::unique_ptr<Task> MakeTask();

}  // namespace heddle::sim::nut_assembly
