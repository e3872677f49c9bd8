// The client's half of the openpi protocol: asks a policy that is served somewhere for its next actions.
//
//   PolicyClient policy = PolicyClient::Connect("ws://localhost:8000", {.timeout_s = 5});
//   Value reply = policy.Infer(Map{{"observation/state", state}, {"prompt", "pick up the block"}});
//   const Value* actions = reply.Find("actions");
//
// The server sends its metadata first; then each observation gets one reply. A thread of the client's own reads, so
// that the server's pings are answered while nobody asks, too.
//
// Every step has `timeout_s`: finding the host, connecting and shaking hands, the metadata, each inference. What goes
// wrong is a PolicyFailure with a kind. After one the connection is gone: each further call fails with the same, and
// whoever wants to go on connects anew (a late answer could be taken for another question's).
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "heddle/wire/pack.h"
#include "heddle/wire/policy_failure.h"
#include "heddle/wire/value.h"

namespace heddle::wire {

struct PolicyClientOptions {
  double timeout_s = 10;                 // for each step; above 0
  std::string api_key = {};              // sent as `Authorization: Api-Key KEY`; empty: none. In no message
  size_t max_message_bytes = 64u << 20;  // of what the server sends
  UnpackLimits limits = {};
};

class ClientLink;

// Safe to share: calls from several threads take turns, and time runs from a call's turn on. Where inferences are meant
// to run side by side, each worker connects a client of its own.
class PolicyClient {
 public:
  // A usage error for an address, key or option that can't be; else a PolicyFailure.
  static PolicyClient Connect(std::string_view url, const PolicyClientOptions& options = {});
  ~PolicyClient();  // says goodbye, within a fifth of a second
  PolicyClient(PolicyClient&&) noexcept;
  PolicyClient& operator=(PolicyClient&&) noexcept;

  const std::string& url() const;
  const Value& metadata() const { return metadata_; }  // a map, maybe empty

  // The reply, a map. PolicyFailure; kInput where the observation can't be packed (nothing is sent then).
  Value Infer(const Value& observation);

 private:
  explicit PolicyClient(std::unique_ptr<ClientLink> link);

  std::unique_ptr<ClientLink> link_;
  UnpackLimits limits_;
  Value metadata_;
};

}  // namespace heddle::wire
