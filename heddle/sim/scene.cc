#include "heddle/sim/scene.h"

#include <algorithm>
#include <array>

#include "heddle/core/error.h"

namespace heddle::sim {
namespace {

struct DeleteVfs {
  void operator()(mjVFS* vfs) const {
    mj_deleteVFS(vfs);
    delete vfs;
  }
};
using VfsHandle = std::unique_ptr<mjVFS, DeleteVfs>;

[[noreturn]] void ThrowScene(const std::string& what, const std::string& where) {
  throw Error(ErrorKind::kBug, what, where);
}

void AddFile(mjVFS& vfs, const std::string& name, std::string_view text) {
  if (mj_addBufferVFS(&vfs, name.c_str(), text.data(), static_cast<int>(text.size())) != 0)
    ThrowScene("can't be taken into the scene", name);
}

VfsHandle NewVfs() {
  VfsHandle vfs(new mjVFS);
  mj_defaultVFS(vfs.get());
  return vfs;
}

}  // namespace

ModelHandle CompileScene(const std::vector<std::string>& files) {
  VfsHandle vfs = NewVfs();
  std::string scene = "<mujoco model=\"scene\">\n";
  // All of them, as a file may include others.
  for (const SceneFile& file : SceneFiles()) AddFile(*vfs, std::string(file.name), file.text);
  for (const std::string& name : files) {
    const bool known =
        std::any_of(SceneFiles().begin(), SceneFiles().end(), [&](const SceneFile& file) { return file.name == name; });
    if (!known) ThrowScene("is no scene file of this build", name);
    scene += "  <include file=\"" + name + "\"/>\n";
  }
  scene += "</mujoco>\n";
  AddFile(*vfs, "scene.xml", scene);
  std::array<char, 1000> message{};
  ModelHandle model(mj_loadXML("scene.xml", vfs.get(), message.data(), message.size()));
  if (!model) ThrowScene(message.data(), "scene of " + files.back());
  return model;
}

int IdOf(const mjModel& model, mjtObj kind, const std::string& name) {
  const int id = mj_name2id(&model, kind, name.c_str());
  if (id < 0) ThrowScene("the scene has no such " + std::string(mju_type2Str(kind)), name);
  return id;
}

}  // namespace heddle::sim
