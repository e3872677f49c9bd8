#include "heddle/sim/embodiment.h"

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/sim/floating_hand.h"
#include "heddle/sim/panda.h"

namespace heddle::sim {

const char* ModeName(ActionMode mode) { return mode == ActionMode::kDelta ? "delta" : "absolute"; }

const std::vector<std::string>& EmbodimentNames() {
  static const std::vector<std::string> names = {"panda", "floating_hand"};
  return names;
}

std::unique_ptr<Embodiment> MakeEmbodiment(const std::string& name) {
  if (name == "panda") return MakePanda();
  if (name == "floating_hand") return MakeFloatingHand();
  ThrowUsage("'" + name + "' is no embodiment", "embodiment", SuggestName(name, EmbodimentNames()));
}

Pose SitePose(const mjData& data, int site) {
  const double* position = data.site_xpos + 3 * site;
  return {.position_m = {position[0], position[1], position[2]}, .rotation = FromMatrix(data.site_xmat + 9 * site)};
}

Pose BodyPose(const mjData& data, int body) {
  const double *position = data.xpos + 3 * body, *q = data.xquat + 4 * body;
  return {.position_m = {position[0], position[1], position[2]}, .rotation = {q[0], q[1], q[2], q[3]}};
}

}  // namespace heddle::sim
