// MuJoCo's handles, wrapped once.
#pragma once

#include <mujoco/mujoco.h>

#include <memory>

namespace heddle::sim {

struct DeleteModel {
  void operator()(mjModel* model) const { mj_deleteModel(model); }
};
struct DeleteData {
  void operator()(mjData* data) const { mj_deleteData(data); }
};
using ModelHandle = std::unique_ptr<mjModel, DeleteModel>;
using DataHandle = std::unique_ptr<mjData, DeleteData>;

}  // namespace heddle::sim
