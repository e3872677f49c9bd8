// A policy server that gives back what it is sent, for clients in other languages. Prints its port and stops when its
// input ends. {"fail": "input"} and {"fail": "own"} make its handler fail; {"sleep_s": x} makes it think for so long.
#include <chrono>
#include <iostream>
#include <stdexcept>
#include <thread>

#include "heddle/core/error.h"
#include "heddle/wire/policy_server.h"

namespace {

using heddle::wire::Map;
using heddle::wire::Value;

Value Answer(const Value& observation) {
  if (const Value* fail = observation.Find("fail")) {
    if (*fail == Value("input")) heddle::ThrowInput("is missing", "observation/image");
    throw std::runtime_error("secret");
  }
  if (const Value* sleep_s = observation.Find("sleep_s")) {
    std::this_thread::sleep_for(std::chrono::duration<double>(sleep_s->Number().value_or(0)));
  }
  return Map{{"echo", observation}};
}

}  // namespace

int main() {
  const Value metadata = Map{{"model", "echo"}, {"action_horizon", 2}};
  heddle::wire::PolicyServer server(metadata, Answer, {.port = 0, .idle_timeout_s = 1});
  std::cout << server.port() << std::endl;
  std::cin.ignore(std::numeric_limits<std::streamsize>::max());
}
