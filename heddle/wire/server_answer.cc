#include "heddle/wire/server_answer.h"

#include <chrono>
#include <exception>

#include "heddle/core/error.h"
#include "heddle/core/text.h"

namespace heddle::wire {
namespace {

constexpr size_t kMaxLine = 500;
constexpr const char* kNotToldMore = "the policy failed; its server's log says why";

Answer Refusal(Outcome outcome, std::string line, std::string problem) {
  if (line.size() > kMaxLine) line.resize(kMaxLine);
  while (!line.empty() && !IsUtf8(line)) line.pop_back();
  const auto bytes = std::as_bytes(std::span(line));
  return {outcome, {bytes.begin(), bytes.end()}, std::move(problem)};
}

Answer HandlersBlame(std::string problem) { return Refusal(Outcome::kFailed, kNotToldMore, std::move(problem)); }

Value WithTiming(Value reply, double infer_s, std::optional<double> prev_total_s) {
  Value timing = Map{{"infer_ms", infer_s * 1e3}};
  if (prev_total_s) timing.Set("prev_total_ms", *prev_total_s * 1e3);
  reply.Set("server_timing", std::move(timing));
  return reply;
}

Answer Reply(const Value& observation, const PolicyHandler& handler, std::optional<double> prev_total_s) {
  const auto start = std::chrono::steady_clock::now();
  Value reply = handler(observation);
  const std::chrono::duration<double> infer = std::chrono::steady_clock::now() - start;
  if (!reply.Get<Map>()) return HandlersBlame(std::string("the handler gave ") + reply.KindName() + ", not a map");
  try {
    return {Outcome::kReply, Pack(WithTiming(std::move(reply), infer.count(), prev_total_s)), ""};
  } catch (const Error& error) {
    return HandlersBlame(std::string("the handler's reply can't be packed: ") + error.what());
  }
}

}  // namespace

Answer AnswerTo(const Bytes& request, const PolicyHandler& handler, const UnpackLimits& limits,
                std::optional<double> prev_total_s) {
  try {
    Value observation;
    try {
      observation = Unpack(request, limits);
      if (!observation.Get<Map>())
        ThrowInput(std::string("it is ") + observation.KindName() + ", not a map", "message");
    } catch (const Error& error) {
      return Refusal(Outcome::kBadRequest, error.what(), error.what());
    }
    return Reply(observation, handler, prev_total_s);
  } catch (const Error& error) {
    const bool is_clients_blame = error.kind() == ErrorKind::kInput || error.kind() == ErrorKind::kUsage;
    return is_clients_blame ? Refusal(Outcome::kFailed, error.what(), error.what()) : HandlersBlame(error.what());
  } catch (const std::exception& error) {
    return HandlersBlame(error.what());
  } catch (...) {
    return HandlersBlame("the handler threw something that is no exception");
  }
}

}  // namespace heddle::wire
