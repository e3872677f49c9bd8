#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <string>
#include <vector>

#include "apps/heddle/command_line.h"
#include "apps/heddle/failure.h"
#include "apps/heddle/fd_stream.h"

namespace heddle::cli {
namespace {

// A standard stream that was closed would give its number to the next file that is opened, and output would go into
// that file. /dev/null in the wrong direction instead makes its use an error.
void HoldStandardStreams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(fd, F_GETFD) != -1 || errno != EBADF) continue;
    static_cast<void>(open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY));
  }
}

int RunGuarded(const std::vector<std::string>& arguments, const Console& console) {
  try {
    return CommandLine(AllVerbs()).Run(arguments, console);
  } catch (...) {
    return ReportError(AsError(std::current_exception()), AsksForJson(arguments), console);
  }
}

// Results that did not arrive are a failure, unless it is the reader who went away (`heddle --help | head -1`).
int CodeAfterWriting(int code, const FdStream& out) {
  if (out.error() == 0 || out.error() == EPIPE) return code;
  std::cerr << "heddle: stdout: cannot write the results: " << std::strerror(out.error()) << std::endl;
  return code == kExitDone || code == kExitAnswerIsNo ? kExitFailed : code;
}

}  // namespace
}  // namespace heddle::cli

int main(int argc, char** argv) {
  using namespace heddle::cli;
  HoldStandardStreams();
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is told as a full disk is: by the write that fails
  std::set_terminate(EndOnTerminate);
  FdStream out(STDOUT_FILENO);
  const int code = RunGuarded({argv + std::min(argc, 1), argv + argc}, {out, std::cerr});
  out.flush();
  return CodeAfterWriting(code, out);
}
