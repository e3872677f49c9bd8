// How fast the loader gives batches: two cameras and the state at one time, a chunk of 16 actions, at random frames.
//
//   loader_speed DATASET HOLDING WORKERS BATCH SECONDS CACHE      prints one JSON object
//
// Frames a second are pictures delivered a second, after the first batches; "first_batch_s" is from the opening of the
// dataset to the first batch. Two other HOLDINGs measure limits instead: `limit` the decoder going through the videos
// in order, a reader a thread; `copy` the memory's copy rate, pictures from all over a large block of it into a batch.
// Before measuring, `memory` goes through all pictures once.
#include <ATen/ATen.h>
#include <sys/resource.h>

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <map>
#include <numeric>
#include <string>
#include <thread>

#include "heddle/core/clock.h"
#include "heddle/core/error.h"
#include "heddle/core/random.h"
#include "heddle/data/video/video_reader.h"
#include "heddle/mixture/loader.h"

using namespace heddle;

namespace {

struct Arguments {
  std::string dataset, holding;
  int workers;
  int64_t batch;
  double seconds;
  std::string cache;
};

mixture::Mixture OneSource(const std::string& folder) {
  mixture::Mixture mix;
  mixture::Source source;
  source.name = "benchmark";
  source.dataset = std::make_shared<const data::Dataset>(data::Dataset::Open(folder));
  const data::DatasetInfo& info = source.dataset->info();
  mix.layout.window.control_hz = info.fps;
  for (const std::string name : {"observation.state", "action"}) {
    mix.layout.numbers.push_back({name, {{"all", info.Require(name).num_values(), mixture::Meaning::kUnknown}}});
  }
  for (const std::string& camera : info.Cameras()) {
    const data::Feature& feature = info.Require(camera);
    mix.layout.cameras.push_back({camera, feature.height, feature.width, mixture::Fit::kStretch});
  }
  for (int i = 0; i < 16; ++i) mix.layout.window.deltas_s["action"].push_back(i / info.fps);
  mix.sources.push_back(std::move(source));
  return mix;
}

// Of all threads.
double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) { return double(time.tv_sec) + double(time.tv_usec) * 1e-6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Copies of one picture's size, from anywhere to a batch, by so many threads; bytes a second.
double CopyRate(size_t picture_bytes, int threads, double seconds) {
  const size_t block_bytes = size_t{1} << 30;
  const std::vector<uint8_t> block(block_bytes, 1);
  std::vector<double> rates(size_t(threads), 0.0);
  {
    std::vector<std::jthread> workers;
    for (int worker = 0; worker < threads; ++worker) {
      workers.emplace_back([&, worker] {
        std::vector<uint8_t> out(picture_bytes * 64, 1);
        RandomStream random(uint64_t(worker), "copy");
        const double start = SteadyClock().NowSeconds();
        double copied = 0, elapsed = 0;
        for (size_t i = 0; elapsed < seconds; ++i) {
          const size_t from = random.Below(block_bytes / picture_bytes) * picture_bytes;
          std::memcpy(out.data() + i % 64 * picture_bytes, block.data() + from, picture_bytes);
          copied += double(picture_bytes);
          if (i % 64 == 0) elapsed = SteadyClock().NowSeconds() - start;
        }
        rates[size_t(worker)] = copied / elapsed;
      });
    }
  }
  return std::accumulate(rates.begin(), rates.end(), 0.0);
}

// Frames of the cameras' first files in order, turned to RGB, by so many threads; frames a second.
double DecodeRate(const data::Dataset& dataset, int threads, double seconds) {
  const std::vector<std::string> cameras = dataset.info().Cameras();
  std::vector<double> rates(size_t(threads), 0.0);
  {
    std::vector<std::jthread> workers;
    for (int worker = 0; worker < threads; ++worker) {
      workers.emplace_back([&, worker] {
        data::VideoReader reader(dataset.Video(cameras[size_t(worker) % cameras.size()], 0).file);
        std::vector<uint8_t> pixels(size_t(reader.facts().height * reader.facts().width * 3));
        const double start = SteadyClock().NowSeconds();
        double elapsed = 0;
        int64_t frames = 0;
        for (; elapsed < seconds; elapsed = SteadyClock().NowSeconds() - start, ++frames) {
          reader.ReadRgb(frames % reader.facts().num_frames, pixels);
        }
        rates[size_t(worker)] = double(frames) / elapsed;
      });
    }
  }
  return std::accumulate(rates.begin(), rates.end(), 0.0);
}

void Measure(const Arguments& arguments) {
  const double start = SteadyClock().NowSeconds();
  mixture::Mixture mix = OneSource(arguments.dataset);
  const mixture::CameraLayout camera = mix.layout.cameras[0];
  const auto picture_bytes = double(camera.height * camera.width * 3);
  if (arguments.holding == "copy") {
    const double rate = CopyRate(size_t(picture_bytes), arguments.workers, arguments.seconds);
    std::cout << "{\"frames_per_s\": " << rate / picture_bytes << ", \"bytes_per_s\": " << rate << "}\n";
    return;
  }
  if (arguments.holding == "limit") {
    const double rate = DecodeRate(*mix.sources[0].dataset, arguments.workers, arguments.seconds);
    std::cout << "{\"frames_per_s\": " << rate << "}\n";
    return;
  }
  mixture::LoaderOptions options;
  options.order.batch_size = arguments.batch;
  options.workers = arguments.workers;
  options.cache_folder = arguments.cache;
  options.memory_bytes = uint64_t{arguments.holding == "memory" ? 4u : 1u} << 30;  // for all pictures, or some
  const std::map<std::string, mixture::Holding> holdings = {{"decode", mixture::Holding::kDecode},
                                                            {"packed", mixture::Holding::kPacked},
                                                            {"memory", mixture::Holding::kMemory}};
  options.holding = holdings.at(arguments.holding);
  const size_t cameras = mix.layout.cameras.size();
  mixture::Loader loader(std::move(mix), options);
  loader.Next();
  const double first = SteadyClock().NowSeconds() - start;
  const int64_t pass = loader.order().num_windows(0) / arguments.batch + 1;
  for (int64_t i = 0; i < (arguments.holding == "memory" ? pass : 4); ++i) loader.Next();
  const double warm = SteadyClock().NowSeconds(), warm_cpu = CpuSeconds();
  int64_t batches = 0;
  double elapsed = 0;
  for (; elapsed < arguments.seconds; elapsed = SteadyClock().NowSeconds() - warm, ++batches) loader.Next();
  const double frames = double(batches) * double(arguments.batch) * double(cameras);
  std::cout << "{\"frames_per_s\": " << frames / elapsed << ", \"bytes_per_s\": " << frames * picture_bytes / elapsed
            << ", \"cpu_ms_per_frame\": " << 1e3 * (CpuSeconds() - warm_cpu) / frames
            << ", \"first_batch_s\": " << first << "}\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::cerr << "usage: loader_speed DATASET decode|packed|memory|limit|copy WORKERS BATCH SECONDS CACHE\n";
    return 2;
  }
  try {
    Measure({argv[1], argv[2], std::atoi(argv[3]), std::atoll(argv[4]), std::atof(argv[5]), argv[6]});
  } catch (const Error& error) {
    std::cerr << error.what() << "\n";
    return error.exit_code();
  }
}
