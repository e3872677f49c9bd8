// Time is an argument: who measures or waits is given a Clock.
#pragma once

namespace heddle {

class Clock {
 public:
  virtual ~Clock() = default;
  // Monotonic; counts from an arbitrary point. Safe to call from any thread.
  virtual double NowSeconds() const = 0;
};

// The machine's own.
const Clock& SteadyClock();

}  // namespace heddle
