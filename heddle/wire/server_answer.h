// From a request's bytes to a reply's: unpacks, calls the handler, packs. No sockets, no threads.
#pragma once

#include <optional>
#include <string>

#include "heddle/wire/policy_server.h"

namespace heddle::wire {

enum class Outcome { kReply, kBadRequest, kFailed };

struct Answer {
  Outcome outcome = Outcome::kReply;
  Bytes message;        // the packed reply, or one line of UTF-8 text
  std::string problem;  // for the server's own eyes; empty for a reply
};

// Throws nothing that a request or a handler can bring about. `prev_total_s`: what the round before took.
Answer AnswerTo(const Bytes& request, const PolicyHandler& handler, const UnpackLimits& limits,
                std::optional<double> prev_total_s);

}  // namespace heddle::wire
