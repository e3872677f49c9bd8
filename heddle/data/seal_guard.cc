#include "heddle/data/seal_guard.h"

namespace heddle::data {

struct SealGuard::Parts {};

SealGuard::SealGuard(const std::filesystem::path&) : parts_(std::make_unique<Parts>()) {}
SealGuard::~SealGuard() = default;
bool SealGuard::sealed() const { return false; }
void SealGuard::CheckMeta() {}
void SealGuard::Check(const std::string&) {}

}  // namespace heddle::data
