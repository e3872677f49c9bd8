// What can go wrong between a client and a policy's server, told apart so that an episode can be labelled with it.
#pragma once

#include <string>

#include "heddle/core/error.h"

namespace heddle::wire {

enum class PolicyFailureKind {
  kUnreachable,  // nobody listens there, no such host, or it refuses to speak the protocol
  kTimeout,      // it did not answer in time
  kClosed,       // the connection ended: closed, reset, half-way through an answer
  kError,        // the server said that it failed
  kMalformed,    // it answered what is not of the protocol
};

// "policy-unreachable", "policy-timeout", "policy-closed", "policy-error", "policy-malformed": stable, as they stand in
// evidence rows.
const char* FailureLabel(PolicyFailureKind kind);

// An Error of kind kSystem (kInput for kError and kMalformed) whose place is the server's address.
class PolicyFailure : public Error {
 public:
  PolicyFailure(PolicyFailureKind kind, std::string what, std::string url, std::string mend = "",
                std::string details = "");

  PolicyFailureKind failure() const { return failure_; }
  const char* label() const { return FailureLabel(failure_); }
  // All that the server wrote of its failure, as it wrote it: several lines, most often a traceback. May be empty.
  const std::string& details() const { return details_; }

 private:
  PolicyFailureKind failure_;
  std::string details_;
};

}  // namespace heddle::wire
