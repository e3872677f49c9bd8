// Windows of several datasets in batches, ready ahead of time.
//
//   Loader loader(mixture, options);
//   while (...) {
//     const contract::Batch& batch = loader.Next();   // step first_step, first_step + 1, ...
//   }
//
// What a batch holds is a function of (mixture, seed, step) alone (heddle/mixture/sample_order.h): the same for any
// number of workers and any way to hold pictures. Memory is bounded by the budget, whatever the datasets' size; two
// things stand outside of it: the datasets' own meta data and row cache (data::OpenOptions), and one decoder a worker.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "heddle/contract/batch.h"
#include "heddle/core/stop.h"
#include "heddle/mixture/conditions.h"
#include "heddle/mixture/sample_order.h"
#include "heddle/mixture/source.h"

namespace heddle::mixture {

// How pictures are held.
enum class Holding {
  kAuto,    // in memory if all fit, else packed if the files are there already, else decoded
  kDecode,  // decoded when they are needed (heddle/mixture/decoded_frames.h)
  kPacked,  // decoded and resized once into files (heddle/mixture/packed_frames.h), built first if they are not there
  kMemory,  // decoded once into memory (heddle/mixture/memory_frames.h)
};
const char* HoldingName(Holding holding);  // "auto", "decode", "packed", "memory"

struct LoaderOptions {
  OrderOptions order;  // batch size, seed, drawing, rank
  int64_t first_step = 0;
  EpisodeSet episodes = EpisodeSet::kTraining;
  int workers = 1;            // threads beside the caller's; 0: all is done inside of Next()
  int64_t batches_ahead = 2;  // prepared while one is in use
  Holding holding = Holding::kAuto;
  uint64_t memory_bytes = uint64_t{2} << 30;
  std::filesystem::path cache_folder;            // of packed pictures; empty: none are looked for
  const StopFlag* stop = nullptr;                // looked at while packed files are built
  std::shared_ptr<const Vocabulary> vocabulary;  // null: made of the sources
};

class Loader {
 public:
  // Usage error: a layout or source that is not possible, packed without a folder, a budget that is too small (with the
  // bytes needed). kInput as the datasets say. kSystem where it was stopped before the packed files were whole.
  Loader(Mixture mixture, const LoaderOptions& options);
  ~Loader();
  Loader(Loader&&) noexcept;
  Loader& operator=(Loader&&) noexcept;

  // The next step's batch, valid until the next call. One thread. An Error of a worker comes out here when its step is
  // due: with source, episode and frame.
  const contract::Batch& Next();
  int64_t next_step() const;

  const Mixture& mixture() const;
  const std::vector<std::string>& domains() const;         // a row's domain is a place in it
  const std::vector<int32_t>& domains_of_sources() const;  // source -> domain
  const Vocabulary& vocabulary() const;
  const SampleOrder& order() const;
  Holding holding() const;                    // the one chosen
  const std::string& holding_reason() const;  // one sentence

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace heddle::mixture
