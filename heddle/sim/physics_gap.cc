#include "heddle/sim/physics_gap.h"

#include <cmath>

#include "heddle/sim/scene.h"

namespace heddle::sim {
namespace {

template <class Work>
void ForGeomsOf(const mjModel& model, int body, const Work& work) {
  for (int i = 0; i < model.body_geomnum[body]; ++i) work(model.body_geomadr[body] + i);
}

void ScaleAll(double* values, int count, double factor) {
  for (int i = 0; i < count; ++i) values[i] *= factor;
}

// Density stays: mass grows with the cube of the size, inertia with the fifth power. The boxes in which contacts are
// looked for grow with the geoms.
void Resize(mjModel& model, int body, double factor) {
  model.body_mass[body] *= std::pow(factor, 3);
  ScaleAll(model.body_inertia + 3 * body, 3, std::pow(factor, 5));
  ScaleAll(model.body_ipos + 3 * body, 3, factor);
  ForGeomsOf(model, body, [&](int geom) {
    ScaleAll(model.geom_size + 3 * geom, 3, factor);
    ScaleAll(model.geom_pos + 3 * geom, 3, factor);
    ScaleAll(model.geom_aabb + 6 * geom, 6, factor);
    model.geom_rbound[geom] *= factor;
  });
  ScaleAll(model.bvh_aabb + 6 * model.body_bvhadr[body], 6 * model.body_bvhnum[body], factor);
}

bool IsPartOf(const mjModel& model, int body, int root) {
  while (body > root) body = model.body_parentid[body];
  return body == root;
}

bool IsFinger(const mjModel& model, int body, const EmbodimentFacts& facts) {
  for (const Finger& finger : facts.fingers) {
    for (const std::string& geom : finger.geoms) {
      if (model.geom_bodyid[IdOf(model, mjOBJ_GEOM, geom)] == body) return true;
    }
  }
  return false;
}

}  // namespace

void ApplyPhysicsGap(const PhysicsGap& gap, const std::vector<SceneObject>& objects, const EmbodimentFacts& body,
                     mjModel& model) {
  for (const SceneObject& object : objects) {
    if (!object.movable) continue;
    const int id = IdOf(model, mjOBJ_BODY, object.name);
    Resize(model, id, gap.size);
    model.body_mass[id] *= gap.mass;
    ScaleAll(model.body_inertia + 3 * id, 3, gap.mass);
    ForGeomsOf(model, id, [&](int geom) { ScaleAll(model.geom_friction + 3 * geom, 3, gap.friction); });
  }
  for (const Finger& finger : body.fingers) {
    for (const std::string& geom : finger.geoms)
      ScaleAll(model.geom_friction + 3 * IdOf(model, mjOBJ_GEOM, geom), 3, gap.friction);
  }
  const int root = IdOf(model, mjOBJ_BODY, body.base_body);
  for (int dof = 0; dof < model.nv; ++dof) {
    const int owner = model.dof_bodyid[dof];
    if (!IsPartOf(model, owner, root) || IsFinger(model, owner, body)) continue;
    model.dof_damping[dof] *= gap.damping;
    model.dof_frictionloss[dof] *= gap.damping;
  }
  for (int actuator = 0; actuator < model.nu; ++actuator) {
    if (model.actuator_forcelimited[actuator]) ScaleAll(model.actuator_forcerange + 2 * actuator, 2, gap.gripper_force);
  }
  const DataHandle data(mj_makeData(&model));
  mj_setConst(&model, data.get());
}

}  // namespace heddle::sim
