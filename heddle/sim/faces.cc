#include "heddle/sim/faces.h"

#include <cmath>

namespace heddle::sim {
namespace {

// Of a plane of half-side `half_m` with lines every `spacing_m`: at most.
int64_t Tiles(double half_m, double spacing_m) {
  return spacing_m > 0 ? static_cast<int64_t>(std::ceil(half_m / spacing_m)) + 2 : mjMAXPLANEGRID;
}

int64_t FacesOf(const mjModel& model, const mjvGeom& geom) {
  const int64_t slices = model.vis.quality.numslices, stacks = model.vis.quality.numstacks,
                quads = model.vis.quality.numquads;
  const int64_t round = 2 * slices * stacks;
  switch (geom.type) {
    case mjGEOM_BOX: return 6 * 2 * quads * quads;
    case mjGEOM_SPHERE:
    case mjGEOM_ELLIPSOID: return round;
    case mjGEOM_MESH: return model.mesh_facenum[geom.dataid / 2];
    case mjGEOM_PLANE: return 2 * Tiles(geom.size[0], geom.size[2]) * Tiles(geom.size[1], geom.size[2]);
    default: return 2 * round;  // a side and two ends
  }
}

}  // namespace

int64_t CountFaces(const mjModel& model, const mjvScene& scene) {
  int64_t faces = 0;
  for (int i = 0; i < scene.ngeom; ++i) faces += FacesOf(model, scene.geoms[i]);
  return faces;
}

}  // namespace heddle::sim
