#include "heddle/core/check.h"

#include <string>

#include "heddle/core/error.h"

namespace heddle::internal {

void DemandFailed(const char* condition, const char* file, int line) {
  std::string place = file;
  // The last one: the checkout's own folder may be called heddle, too.
  if (const auto room = place.rfind("heddle/"); room != std::string::npos) place = place.substr(room);
  throw Error(ErrorKind::kBug, "this should hold and does not: " + std::string(condition),
              place + ":" + std::to_string(line), "a bug in Heddle: please report it with the command you ran");
}

}  // namespace heddle::internal
