#include "heddle/sim/contacts.h"

#include <algorithm>
#include <array>

#include "heddle/sim/scene.h"

namespace heddle::sim {

HandTouch::HandTouch(const mjModel& model, const EmbodimentFacts& body)
    : part_of_geom_(static_cast<size_t>(model.ngeom), kWorld) {
  const int base = IdOf(model, mjOBJ_BODY, body.base_body);
  for (int geom = 0; geom < model.ngeom; ++geom) {
    int owner = model.geom_bodyid[geom];
    while (owner > base) owner = model.body_parentid[owner];
    if (owner == base) part_of_geom_[static_cast<size_t>(geom)] = kBody;
  }
  for (size_t finger = 0; finger < body.fingers.size(); ++finger) {
    for (const std::string& name : body.fingers[finger].geoms)
      part_of_geom_[static_cast<size_t>(IdOf(model, mjOBJ_GEOM, name))] = static_cast<int>(finger);
    tip_of_finger_.push_back(IdOf(model, mjOBJ_GEOM, body.fingers[finger].geoms.front()));
    side_of_finger_.push_back(body.fingers[finger].side);
  }
}

bool HandTouch::Grips(const mjModel& model, const mjData& data, int body) const {
  bool low = false, high = false;
  for (int i = 0; i < data.ncon; ++i) {
    const mjContact& contact = data.contact[i];
    for (const int side : {0, 1}) {
      const int part = part_of_geom_[static_cast<size_t>(contact.geom[side])];
      if (part < 0 || model.geom_bodyid[contact.geom[1 - side]] != body) continue;
      (side_of_finger_[static_cast<size_t>(part)] < 0 ? low : high) = true;
    }
  }
  return low && high;
}

double HandTouch::HardestPushAgainstFixtures(const mjModel& model, const mjData& data) const {
  double hardest = 0;
  for (int i = 0; i < data.ncon; ++i) {
    const mjContact& contact = data.contact[i];
    const auto is_fixture = [&](int geom) {
      return part_of_geom_[static_cast<size_t>(geom)] == kWorld && model.body_weldid[model.geom_bodyid[geom]] == 0;
    };
    const auto is_part = [&](int geom) { return part_of_geom_[static_cast<size_t>(geom)] != kWorld; };
    const int a = contact.geom[0], b = contact.geom[1];
    if (!(is_part(a) && is_fixture(b)) && !(is_fixture(a) && is_part(b))) continue;
    std::array<double, 6> force;
    mj_contactForce(&model, &data, i, force.data());
    hardest = std::max(hardest, force[0]);
  }
  return hardest;
}

double HandTouch::ClosestTips(const mjData& data) const {
  double smallest = 1;
  for (size_t i = 0; i < tip_of_finger_.size(); ++i) {
    const double* a = data.geom_xpos + 3 * tip_of_finger_[i];
    for (size_t j = 0; j < i; ++j) {
      if (side_of_finger_[i] != side_of_finger_[j])
        smallest = std::min(smallest, mju_dist3(a, data.geom_xpos + 3 * tip_of_finger_[j]));
    }
  }
  return smallest;
}

}  // namespace heddle::sim
