// data_recorder FOLDER EPISODES [STOP]: records the small recording into FOLDER until it has EPISODES, going on where
// it stands, and prints "finished N" as each is saved. Made to be killed; with STOP, it falls dead before the rename of
// that number, counted from 0 over the whole run.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>

#include "heddle/data/test/small_recording.h"

namespace {

void Record(const std::filesystem::path& folder, int64_t episodes, int64_t stop) {
  using heddle::data::DatasetWriter;
  int64_t renames = 0;
  const auto before_rename = [&](const std::filesystem::path&) {
    if (renames++ == stop) _exit(9);
  };
  const bool begun = std::filesystem::exists(folder / "meta/info.json");
  DatasetWriter writer = begun ? DatasetWriter::Resume(folder, before_rename)
                               : DatasetWriter::Create(folder, heddle::data::SmallOptions(), before_rename);
  while (writer.num_episodes() < episodes) {
    heddle::data::RecordSmall(writer, writer.num_episodes());
    std::printf("finished %lld\n", static_cast<long long>(writer.num_episodes() - 1));
    std::fflush(stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) return 2;
  try {
    Record(argv[1], std::atoll(argv[2]), argc == 4 ? std::atoll(argv[3]) : -1);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
