// A client's connection: whole binary messages out and in, with a deadline for each step, and a thread that reads.
#pragma once

#include <memory>
#include <string>

#include "heddle/wire/policy_client.h"
#include "heddle/wire/policy_url.h"

namespace heddle::wire {

class ClientLink {
 public:
  // Connects and shakes hands. PolicyFailure if that fails.
  ClientLink(const PolicyUrl& url, const PolicyClientOptions& options);
  ~ClientLink();
  ClientLink(const ClientLink&) = delete;
  ClientLink& operator=(const ClientLink&) = delete;

  const std::string& url() const;

  // The first message. Once.
  Bytes Metadata();
  // Sends a message and waits for the next one. Calls from several threads take turns.
  Bytes Exchange(Bytes message);
  // Ends the connection for a reason that the messages gave, and throws it.
  [[noreturn]] void GiveUp(PolicyFailure reason);

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace heddle::wire
