// What the paper reports of its toy model (arXiv 2604.13645), to be shown beside ours. Figures read off its plots.
#pragma once

#include <array>

namespace heddle::toy {

struct PublishedToy {
  const char* source = "arXiv 2604.13645, figures read off the published plots";
  double share_delta_z = 0.48, share_w = 0.22, share_interaction = 0.30;
  std::array<std::array<double, 2>, 2> best_cells = {{{3, 0.05}, {3, 0.1}}};  // (Δz, w), loss about 0.9
  std::array<double, 2> worst_cell = {50, 0.001};                             // loss about 5000
  const char* best = "Δz = 3 with w = 0.05 to 0.1, loss about 0.9";
  const char* worst = "Δz = 50 with w = 0.001, loss about 5000";
  const char* flat = "the row Δz = 0.01 is flat at about 10";
};

}  // namespace heddle::toy
