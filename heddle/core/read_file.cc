#include "heddle/core/read_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <vector>

#include "heddle/core/error.h"

namespace heddle {

std::string ReadFile(const std::filesystem::path& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) ThrowSystem("cannot read this file", path.string(), errno);
  const std::unique_ptr<const int, void (*)(const int*)> closer(&fd, [](const int* open_fd) { close(*open_fd); });
  std::string bytes;
  std::vector<char> buffer(1 << 16);
  for (;;) {
    const ssize_t count = read(fd, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) ThrowSystem("cannot read this file", path.string(), errno);
    if (count == 0) return bytes;
    bytes.append(buffer.data(), static_cast<size_t>(count));
  }
}

}  // namespace heddle
