// Asks an actor on behalf of several threads: one at a time as it is, or together in batches of its fixed size.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <span>
#include <vector>

#include "heddle/eval/actor.h"

namespace heddle::eval {

class Asking {
 public:
  // `askers` threads will ask, each until it leaves.
  Asking(Actor& actor, int askers) : actor_(actor), batch_(actor.batch_size()), askers_(askers) {}

  // Waits for the replies. With an actor of batches of several all askers must come before any is served, so that a
  // batch is as full as it can be.
  void Ask(std::span<const ActRequest> requests, std::span<ActReply> replies);
  // This thread asks no more.
  void Leave();

 private:
  struct Waiting {
    std::span<const ActRequest> requests;
    std::span<ActReply> replies;
  };
  void ServeAll();  // with the lock held
  void ServeBatch(std::span<const ActRequest> requests, std::span<ActReply*> replies);

  Actor& actor_;
  const int64_t batch_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable served_;
  int askers_;
  std::vector<Waiting> waiting_;
  int64_t round_ = 0;
  std::exception_ptr failure_;
};

}  // namespace heddle::eval
