#include "heddle/core/sha256.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

#include "heddle/core/check.h"
#include "heddle/core/error.h"

namespace heddle {
namespace {

constexpr size_t kBlockBytes = size_t{1} << 20;

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

struct CloseFile {
  int fd;
  ~CloseFile() { close(fd); }
};

}  // namespace

struct Sha256::State {
  std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  HEDDLE_DEMAND(state_->context && EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) == 1);
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::Update(std::span<const std::byte> bytes) {
  HEDDLE_DEMAND(state_ && EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}

std::string Sha256::Hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HEDDLE_DEMAND(state_ && EVP_DigestFinal_ex(state_->context.get(), digest.data(), &size) == 1);
  state_.reset();
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    hex += kDigits[digest[i] >> 4];
    hex += kDigits[digest[i] & 15];
  }
  return hex;
}

std::string Sha256Hex(std::string_view bytes) {
  Sha256 hash;
  hash.Update(bytes);
  return hash.Hex();
}

FileHash Sha256OfFile(const std::filesystem::path& file) {
  const CloseFile open_file{open(file.c_str(), O_RDONLY | O_CLOEXEC)};
  if (open_file.fd < 0) ThrowSystem("cannot read this file", file.string(), errno);
  std::vector<std::byte> block(kBlockBytes);
  Sha256 hash;
  FileHash result;
  for (;;) {
    const ssize_t got = read(open_file.fd, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) ThrowSystem("cannot read this file", file.string(), errno);
    if (got == 0) break;
    hash.Update(std::span(block).first(static_cast<size_t>(got)));
    result.size_bytes += got;
  }
  result.sha256 = hash.Hex();
  return result;
}

}  // namespace heddle
