#include "heddle/data/dataset_writer.h"

#include <string>
#include <utility>

#include "heddle/core/atomic_file.h"
#include "heddle/core/error.h"
#include "heddle/core/read_file.h"
#include "heddle/data/commit.h"
#include "heddle/data/episode_buffer.h"
#include "heddle/data/episode_commit.h"
#include "heddle/data/frame_check.h"
#include "heddle/data/recording_state.h"
#include "heddle/data/writer_lock.h"

namespace heddle::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStaging = ".heddle-recording";

// Only what a writer left that was killed before its info.json stood may be there.
void RequireEmpty(const fs::path& folder) {
  if (!fs::exists(folder)) return;
  if (!fs::is_directory(folder)) ThrowUsage("this is a file, and a folder is needed", folder.string());
  for (const auto& entry : fs::directory_iterator(folder)) {
    const fs::path& path = entry.path();
    if (path.filename() == kStaging || path == WriterLock::FileIn(folder)) continue;
    if (path.filename() == "meta" && entry.is_directory() && fs::is_empty(path)) continue;
    ThrowUsage("the folder for a new dataset is not empty", folder.string(),
               fs::exists(folder / "meta/info.json") ? "go on with the dataset in it, or name another folder"
                                                     : "name another folder");
  }
}

}  // namespace

struct DatasetWriter::Parts {
  Parts(const fs::path& folder, BeforeRename hook)
      : root(folder), staging(folder / kStaging), lock(folder), before_rename(std::move(hook)) {
    RequireWritableFolder(staging);
  }
  ~Parts() {
    episode.reset();
    std::error_code ignored;
    fs::remove_all(staging, ignored);
  }

  void Begin() { episode = std::make_unique<EpisodeBuffer>(info, VideoOptionsOf(info), staging); }

  const fs::path root, staging;
  const WriterLock lock;
  const BeforeRename before_rename;
  DatasetInfo info;
  RecordingState state;
  std::unique_ptr<EpisodeBuffer> episode;
  std::string failure;  // why nothing more can be saved, or added to this episode
  bool is_done_for = false;
};

DatasetWriter DatasetWriter::Create(const fs::path& folder, const WriterOptions& options, BeforeRename before_rename) {
  DatasetInfo info = InfoOf(options);
  RequireEmpty(folder);
  RequireWritableFolder(folder / kStaging);
  auto parts = std::make_unique<Parts>(folder, std::move(before_rename));
  RequireEmpty(folder);  // as another writer may have been faster
  parts->info = std::move(info);
  WriteStaged(parts->staging / "info.json", InfoText(parts->info));
  Commit commit(parts->before_rename);
  commit.Add(parts->staging / "info.json", folder / "meta/info.json");
  commit.Run();
  parts->Begin();
  return DatasetWriter(std::move(parts));
}

DatasetWriter DatasetWriter::Resume(const fs::path& folder, BeforeRename before_rename) {
  const fs::path info_file = folder / "meta/info.json";
  if (!fs::exists(info_file)) {
    ThrowUsage("there is no dataset to go on with", folder.string(), "make a new one in it");
  }
  auto parts = std::make_unique<Parts>(folder, std::move(before_rename));
  parts->info = ParseInfo(ReadFile(info_file), info_file.string());
  RequireOwnLayout(parts->info, info_file.string());
  parts->state = ReadRecordingState(folder, parts->info);
  ClearBeyond(folder, parts->staging, parts->info, parts->state);
  parts->Begin();
  return DatasetWriter(std::move(parts));
}

DatasetWriter::DatasetWriter(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
DatasetWriter::~DatasetWriter() = default;
DatasetWriter::DatasetWriter(DatasetWriter&&) noexcept = default;
DatasetWriter& DatasetWriter::operator=(DatasetWriter&&) noexcept = default;

const DatasetInfo& DatasetWriter::info() const { return parts_->info; }
int64_t DatasetWriter::num_episodes() const { return parts_->state.num_episodes; }
int64_t DatasetWriter::num_frames() const { return parts_->episode->num_frames(); }

void DatasetWriter::AddFrame(const FrameValues& values) {
  RequireHealthy();
  const std::string frame = "episode " + std::to_string(num_episodes()) + ", frame " + std::to_string(num_frames());
  const DecodedPictures decoded = CheckFrame(parts_->info, values, frame);
  try {
    parts_->episode->Add(values, decoded);
  } catch (const std::exception& error) {
    parts_->failure = error.what();
    throw;
  }
}

int64_t DatasetWriter::SaveEpisode() {
  RequireHealthy();
  if (num_frames() == 0) ThrowUsage("an episode without frames can't be saved", parts_->root.string());
  try {
    EpisodeCommit(parts_->root, parts_->staging, parts_->info, parts_->state)
        .Run(*parts_->episode, parts_->before_rename);
  } catch (const std::exception& error) {
    parts_->failure = error.what();
    parts_->is_done_for = true;
    throw;
  }
  parts_->Begin();
  return num_episodes() - 1;
}

void DatasetWriter::DiscardEpisode() {
  if (parts_->is_done_for) RequireHealthy();
  parts_->failure.clear();
  parts_->episode.reset();
  parts_->Begin();
}

void DatasetWriter::RequireHealthy() const {
  if (parts_->failure.empty()) return;
  ThrowUsage("the recording can't go on after this: " + parts_->failure, parts_->root.string(),
             parts_->is_done_for ? "resume the dataset: what was finished is there" : "discard the episode");
}

}  // namespace heddle::data
