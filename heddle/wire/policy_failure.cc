#include "heddle/wire/policy_failure.h"

#include <utility>

#include "heddle/core/check.h"

namespace heddle::wire {
namespace {

ErrorKind KindOf(PolicyFailureKind kind) {
  const bool is_what_it_sent = kind == PolicyFailureKind::kError || kind == PolicyFailureKind::kMalformed;
  return is_what_it_sent ? ErrorKind::kInput : ErrorKind::kSystem;
}

}  // namespace

const char* FailureLabel(PolicyFailureKind kind) {
  switch (kind) {
    case PolicyFailureKind::kUnreachable: return "policy-unreachable";
    case PolicyFailureKind::kTimeout: return "policy-timeout";
    case PolicyFailureKind::kClosed: return "policy-closed";
    case PolicyFailureKind::kError: return "policy-error";
    case PolicyFailureKind::kMalformed: return "policy-malformed";
  }
  HEDDLE_DEMAND(false);
  return "";
}

PolicyFailure::PolicyFailure(PolicyFailureKind kind, std::string what, std::string url, std::string mend,
                             std::string details)
    : Error(KindOf(kind), std::move(what), std::move(url), std::move(mend)),
      failure_(kind),
      details_(std::move(details)) {}

}  // namespace heddle::wire
