#include "heddle/core/clock.h"

#include <chrono>

namespace heddle {
namespace {

class MachineClock final : public Clock {
 public:
  double NowSeconds() const override {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  }
};

}  // namespace

const Clock& SteadyClock() {
  static const MachineClock clock;
  return clock;
}

}  // namespace heddle
