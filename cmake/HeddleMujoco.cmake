# The target heddle_mujoco: MuJoCo's C API, from the mujoco package of the project's environment (or HEDDLE_MUJOCO). The
# version is pinned: simulated results are compared across machines, and another MuJoCo is another world.
include(HeddleWheel)
set(HEDDLE_MUJOCO_VERSION 3.14.0)
heddle_wheel(mujoco HEDDLE_MUJOCO include/mujoco/mujoco.h mujoco_root)
set(mujoco_library ${mujoco_root}/libmujoco.so.${HEDDLE_MUJOCO_VERSION})
if(NOT EXISTS ${mujoco_library})
  message(FATAL_ERROR "The mujoco package in '${mujoco_root}' is not version ${HEDDLE_MUJOCO_VERSION}: run 'make setup'.")
endif()
add_library(heddle_mujoco INTERFACE)
target_include_directories(heddle_mujoco SYSTEM INTERFACE ${mujoco_root}/include)
target_link_options(heddle_mujoco INTERFACE -Wl,-rpath,${mujoco_root})
target_link_libraries(heddle_mujoco INTERFACE ${mujoco_library})
