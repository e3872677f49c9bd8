#include "heddle/wire/policy_client.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "heddle/core/error.h"
#include "heddle/wire/client_link.h"

namespace heddle::wire {
namespace {

constexpr double kMaxTimeout_s = 86400;

void Validate(const PolicyClientOptions& options, const PolicyUrl& url) {
  if (!(options.timeout_s > 0) || options.timeout_s > kMaxTimeout_s) {
    ThrowUsage("the timeout is not above 0 s and at most a day", url.Text());
  }
  const bool is_plain = std::ranges::all_of(options.api_key, [](unsigned char c) { return c > ' ' && c < 0x7f; });
  if (!is_plain) ThrowUsage("the key has characters that no header can carry", url.Text());
}

Value ReadMap(ClientLink& link, const Bytes& bytes, const UnpackLimits& limits, const char* what) {
  try {
    Value value = Unpack(bytes, limits);
    if (!value.Get<Map>()) ThrowInput(std::string("it is ") + value.KindName() + " where a map belongs", "message");
    return value;
  } catch (const Error& error) {
    link.GiveUp({PolicyFailureKind::kMalformed, std::string(what) + " can't be read: " + error.what(), link.url()});
  }
}

}  // namespace

PolicyClient::PolicyClient(std::unique_ptr<ClientLink> link) : link_(std::move(link)) {}
PolicyClient::~PolicyClient() = default;
PolicyClient::PolicyClient(PolicyClient&&) noexcept = default;
PolicyClient& PolicyClient::operator=(PolicyClient&&) noexcept = default;

PolicyClient PolicyClient::Connect(std::string_view url, const PolicyClientOptions& options) {
  const PolicyUrl parsed = ParsePolicyUrl(url);
  Validate(options, parsed);
  PolicyClient client(std::make_unique<ClientLink>(parsed, options));
  client.limits_ = options.limits;
  client.metadata_ = ReadMap(*client.link_, client.link_->Metadata(), client.limits_, "its metadata");
  return client;
}

const std::string& PolicyClient::url() const { return link_->url(); }

Value PolicyClient::Infer(const Value& observation) {
  return ReadMap(*link_, link_->Exchange(Pack(observation)), limits_, "its reply");
}

}  // namespace heddle::wire
