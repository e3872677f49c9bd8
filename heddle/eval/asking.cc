#include "heddle/eval/asking.h"

#include <algorithm>

namespace heddle::eval {

void Asking::Ask(std::span<const ActRequest> requests, std::span<ActReply> replies) {
  if (batch_ == 0) {
    for (size_t i = 0; i < requests.size(); ++i) actor_.Act(requests.subspan(i, 1), replies.subspan(i, 1));
    return;
  }
  std::unique_lock lock(mutex_);
  if (batch_ == 1) {
    for (size_t i = 0; i < requests.size(); ++i) actor_.Act(requests.subspan(i, 1), replies.subspan(i, 1));
    return;
  }
  const int64_t round = round_;
  waiting_.push_back({requests, replies});
  if (static_cast<int>(waiting_.size()) == askers_) ServeAll();
  served_.wait(lock, [&] { return round_ > round; });
  if (failure_) std::rethrow_exception(failure_);
}

void Asking::Leave() {
  const std::lock_guard lock(mutex_);
  --askers_;
  if (batch_ > 1 && askers_ > 0 && static_cast<int>(waiting_.size()) == askers_) ServeAll();
}

void Asking::ServeAll() {
  std::vector<ActRequest> requests;
  std::vector<ActReply*> replies;
  for (const Waiting& waiting : waiting_) {
    requests.insert(requests.end(), waiting.requests.begin(), waiting.requests.end());
    for (ActReply& reply : waiting.replies) replies.push_back(&reply);
  }
  try {
    for (size_t from = 0; from < requests.size(); from += static_cast<size_t>(batch_)) {
      const size_t count = std::min(static_cast<size_t>(batch_), requests.size() - from);
      ServeBatch(std::span(requests).subspan(from, count), std::span(replies).subspan(from, count));
    }
  } catch (...) {
    failure_ = std::current_exception();
  }
  waiting_.clear();
  ++round_;
  served_.notify_all();
}

void Asking::ServeBatch(std::span<const ActRequest> requests, std::span<ActReply*> replies) {
  std::vector<ActRequest> padded(requests.begin(), requests.end());
  padded.resize(static_cast<size_t>(batch_), requests.back());
  std::vector<ActReply> answers(padded.size());
  actor_.Act(padded, answers);
  for (size_t i = 0; i < replies.size(); ++i) *replies[i] = std::move(answers[i]);
}

}  // namespace heddle::eval
