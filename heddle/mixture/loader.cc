#include "heddle/mixture/loader.h"

#include <algorithm>
#include <utility>

#include "heddle/core/error.h"
#include "heddle/core/parallel.h"
#include "heddle/mixture/batch_buffers.h"
#include "heddle/mixture/decoded_frames.h"
#include "heddle/mixture/loader_filler.h"
#include "heddle/mixture/memory_frames.h"
#include "heddle/mixture/packed_frames.h"
#include "heddle/mixture/work_ring.h"

namespace heddle::mixture {
namespace {

constexpr int64_t kRowsAJob = 8;
constexpr size_t kMaxMapped = size_t{64} << 20;

std::vector<int32_t> DomainsOf(const std::vector<Source>& sources, const std::vector<std::string>& domains) {
  std::vector<int32_t> of_sources;
  for (const Source& source : sources) {
    of_sources.push_back(static_cast<int32_t>(std::ranges::find(domains, source.domain_name()) - domains.begin()));
  }
  return of_sources;
}

std::vector<BoundSource> Bind(const Mixture& mixture) {
  mixture.layout.Check();
  std::vector<BoundSource> bound;
  for (const Source& source : mixture.sources) bound.emplace_back(source, mixture.layout);
  return bound;
}

std::vector<std::vector<int64_t>> EpisodesOf(const Mixture& mixture, EpisodeSet set) {
  std::vector<std::vector<int64_t>> episodes;
  for (const Source& source : mixture.sources) episodes.push_back(SelectEpisodes(source, set));
  return episodes;
}

std::vector<SourceWindows> WindowsOf(const std::vector<BoundSource>& sources, const Layout& layout,
                                     const std::vector<std::vector<int64_t>>& episodes) {
  std::vector<SourceWindows> all;
  for (size_t i = 0; i < sources.size(); ++i) {
    SourceWindows windows{sources[i].source->name, sources[i].source->weight, episodes[i], {}};
    for (const int64_t episode : episodes[i]) {
      windows.windows.push_back(std::max<int64_t>(0, sources[i].LengthOf(episode) - layout.window.drop_last_frames));
    }
    all.push_back(std::move(windows));
  }
  return all;
}

size_t SlotsOf(const LoaderOptions& options) {
  return options.workers == 0 ? 1 : static_cast<size_t>(std::max<int64_t>(1, options.batches_ahead)) + 1;
}

// The budget, dealt out.
struct MemoryShares {
  size_t rows = 0, decoders = 0, pictures = 0;
};

MemoryShares DealOut(const Layout& layout, const LoaderOptions& options, int64_t rows) {
  const size_t ring = SlotsOf(options) * BatchBytes(layout, rows);
  if (ring >= options.memory_bytes) {
    ThrowUsage("the batches alone need " + std::to_string(ring) + " bytes, and the loader may use " +
                   std::to_string(options.memory_bytes),
               "memory_bytes", "allow more, or prepare fewer or smaller batches");
  }
  const size_t rest = options.memory_bytes - ring;
  return {rest / 8, rest / 8, rest / 4 * 3};
}

struct Chosen {
  Holding holding;
  std::string reason;
  std::unique_ptr<FrameSource> frames;
};

std::string Megabytes(size_t bytes) { return std::to_string((bytes + (1 << 20) - 1) >> 20) + " MB"; }

}  // namespace

struct Loader::Parts {
  Mixture mixture;
  LoaderOptions options;
  std::vector<std::string> domains;
  std::vector<int32_t> domains_of_sources;
  std::vector<BoundSource> sources;
  std::shared_ptr<const Vocabulary> vocabulary;
  std::vector<std::vector<int64_t>> episodes;
  SampleOrder order;
  MemoryShares shares;
  RowStore rows;
  BatchFiller filler;
  Chosen chosen;

  struct Slot {
    BatchBuffers buffers;
    std::vector<Sample> samples;
    std::vector<FrameJob> frame_jobs;
    int64_t row_jobs = 0;
  };
  std::vector<Slot> slots;
  std::vector<FrameScratch> scratch;  // one a worker
  std::unique_ptr<WorkRing> ring;     // the last: its threads use all of the above

  Parts(Mixture given, const LoaderOptions& given_options)
      : mixture(std::move(given)),
        options(given_options),
        domains(CheckSources(mixture.sources)),
        domains_of_sources(DomainsOf(mixture.sources, domains)),
        sources(Bind(mixture)),
        vocabulary(options.vocabulary ? options.vocabulary : std::make_shared<const Vocabulary>(mixture.sources)),
        episodes(EpisodesOf(mixture, options.episodes)),
        order(WindowsOf(sources, mixture.layout, episodes), options.order),
        shares(DealOut(mixture.layout, options, order.rows())),
        rows(sources, mixture.layout, *vocabulary, shares.rows),
        filler(mixture.layout, sources, domains_of_sources, *vocabulary, rows),
        chosen(Choose()),
        scratch(static_cast<size_t>(std::max(1, options.workers))) {
    for (size_t i = 0; i < SlotsOf(options); ++i) {
      slots.push_back({BatchBuffers(mixture.layout, *vocabulary, order.rows()), {}, {}, 0});
    }
    ring = std::make_unique<WorkRing>(
        slots.size(), options.workers, options.first_step,
        WorkRing::Work{[this](size_t slot, int64_t step) { return Plan(slots[slot], step); },
                       [this](size_t slot, int64_t job, int worker) { Run(slots[slot], job, worker); }});
  }

  std::unique_ptr<FrameSource> Decoder() const {
    return std::make_unique<DecodedFrames>(sources, mixture.layout, shares.decoders);
  }

  PackedFramesOptions PackedOptions() const {
    PackedFramesOptions packed;
    packed.folder = options.cache_folder;
    packed.resident_bytes = std::min(shares.pictures, kMaxMapped);
    packed.threads = ThreadBudget(std::max(1, options.workers));
    packed.stop = options.stop;
    return packed;
  }

  Chosen Choose() const {
    const size_t resident = ResidentBytes(sources, mixture.layout, episodes);
    switch (options.holding) {
      case Holding::kDecode: return {Holding::kDecode, "asked for", Decoder()};
      case Holding::kPacked: return ChoosePacked();
      case Holding::kMemory: return ChooseMemory(resident, "asked for");
      case Holding::kAuto: break;
    }
    if (resident <= shares.pictures) return ChooseMemory(resident, "all pictures fit: " + Megabytes(resident));
    if (!options.cache_folder.empty()) {
      auto packed = PackedFrames::OpenIfBuilt(sources, mixture.layout, PackedOptions());
      if (packed) return {Holding::kPacked, "the packed files are there", std::move(packed)};
    }
    return {Holding::kDecode, "all pictures would need " + Megabytes(resident) + ", and there are no packed files",
            Decoder()};
  }

  Chosen ChoosePacked() const {
    if (options.cache_folder.empty()) {
      ThrowUsage("packed pictures need a folder", "cache_folder", "name one on a fast disk");
    }
    const std::unique_ptr<FrameSource> decoder = Decoder();
    auto packed = PackedFrames::BuildAndOpen(sources, mixture.layout, *decoder, PackedOptions());
    if (!packed) {
      throw Error(ErrorKind::kSystem, "stopped before the packed pictures were whole", options.cache_folder.string(),
                  "the next run goes on from there");
    }
    return {Holding::kPacked, "asked for", std::move(packed)};
  }

  Chosen ChooseMemory(size_t resident, std::string reason) const {
    if (resident > shares.pictures) {
      ThrowUsage("the pictures need " + Megabytes(resident) + ", and " + Megabytes(shares.pictures) +
                     " of the loader's memory are for them",
                 "memory_bytes", "allow more, or hold them packed");
    }
    return {Holding::kMemory, std::move(reason),
            std::make_unique<MemoryFrames>(sources, mixture.layout, episodes, Decoder())};
  }

  int64_t Plan(Slot& slot, int64_t step) {
    slot.samples = order.Step(step);
    slot.frame_jobs = chosen.frames->Plan(filler.Begin(step, slot.samples, slot.buffers));
    slot.row_jobs = (order.rows() + kRowsAJob - 1) / kRowsAJob;
    return slot.row_jobs + static_cast<int64_t>(slot.frame_jobs.size());
  }

  void Run(Slot& slot, int64_t job, int worker) {
    if (job >= slot.row_jobs) {
      chosen.frames->Run(slot.frame_jobs[static_cast<size_t>(job - slot.row_jobs)],
                         scratch[static_cast<size_t>(worker)]);
      return;
    }
    for (int64_t row = job * kRowsAJob; row < std::min((job + 1) * kRowsAJob, order.rows()); ++row) {
      filler.FillRow(row, slot.samples[static_cast<size_t>(row)], slot.buffers);
    }
  }
};

const char* HoldingName(Holding holding) {
  switch (holding) {
    case Holding::kAuto: return "auto";
    case Holding::kDecode: return "decode";
    case Holding::kPacked: return "packed";
    case Holding::kMemory: break;
  }
  return "memory";
}

Loader::Loader(Mixture mixture, const LoaderOptions& options) {
  if (options.workers < 0 || options.workers > 4096) {
    ThrowUsage("there can't be " + std::to_string(options.workers) + " workers", "workers");
  }
  if (options.first_step < 0) ThrowUsage("must not be negative", "first_step");
  parts_ = std::make_unique<Parts>(std::move(mixture), options);
}
Loader::~Loader() = default;
Loader::Loader(Loader&&) noexcept = default;
Loader& Loader::operator=(Loader&&) noexcept = default;

const contract::Batch& Loader::Next() { return parts_->slots[parts_->ring->Next()].buffers.batch; }
int64_t Loader::next_step() const { return parts_->ring->next_step(); }
const Mixture& Loader::mixture() const { return parts_->mixture; }
const std::vector<std::string>& Loader::domains() const { return parts_->domains; }
const std::vector<int32_t>& Loader::domains_of_sources() const { return parts_->domains_of_sources; }
const Vocabulary& Loader::vocabulary() const { return *parts_->vocabulary; }
const SampleOrder& Loader::order() const { return parts_->order; }
Holding Loader::holding() const { return parts_->chosen.holding; }
const std::string& Loader::holding_reason() const { return parts_->chosen.reason; }

}  // namespace heddle::mixture
