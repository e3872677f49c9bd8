#include "heddle/data/seal.h"

#include <algorithm>
#include <mutex>
#include <set>

#include "heddle/core/error.h"
#include "heddle/core/folder_lock.h"
#include "heddle/core/sha256.h"
#include "heddle/data/dataset.h"
#include "heddle/data/episode_hash.h"
#include "heddle/data/labels/label_table.h"
#include "heddle/data/lerobot/path_template.h"
#include "heddle/data/sealed_files.h"

namespace heddle::data {
namespace {

// Episodes are handed out in runs, so that a run shares the files it keeps open.
constexpr int64_t kEpisodesAtOnce = 8;

struct EpisodeHashes {
  std::vector<std::string> hashes;
  std::vector<std::string> errors;  // of those that can't be read
  std::set<std::string> picture_files;
};

// With `keep_going` an episode that can't be read leaves its error, else the error is thrown.
EpisodeHashes HashEpisodes(const Dataset& dataset, const SealWork& work, bool keep_going) {
  const auto total = static_cast<int64_t>(dataset.episodes().size());
  EpisodeHashes result;
  result.hashes.resize(static_cast<size_t>(total));
  result.errors.resize(static_cast<size_t>(total));
  std::mutex mutex;
  int64_t done = 0;
  const auto hash_one = [&](EpisodeHasher& hasher, int64_t episode) {
    std::set<std::string> pictures;
    try {
      result.hashes[static_cast<size_t>(episode)] = hasher.Hash(episode, &pictures);
    } catch (const Error& error) {
      if (!keep_going) throw;
      result.errors[static_cast<size_t>(episode)] = error.what();
    }
    const std::lock_guard lock(mutex);
    result.picture_files.merge(pictures);
    if (work.progress) work.progress(++done, total);
  };
  const int64_t runs = (total + kEpisodesAtOnce - 1) / kEpisodesAtOnce;
  ParallelFor(work.threads, runs, [&](int64_t run, int) {
    EpisodeHasher hasher(dataset);
    const int64_t end = std::min(total, (run + 1) * kEpisodesAtOnce);
    for (int64_t episode = run * kEpisodesAtOnce; episode < end; ++episode) hash_one(hasher, episode);
  });
  return result;
}

std::set<std::string> NamedFiles(const Dataset& dataset) {
  std::set<std::string> files;
  for (const std::string& file : MetaFiles(dataset.root())) files.insert(file);
  for (const Episode& episode : dataset.episodes()) {
    files.insert(episode.data_file);
    for (const auto& [camera, place] : episode.videos) files.insert(place.file);
  }
  return files;
}

std::vector<SealedFile> HashFiles(const std::filesystem::path& root, const std::set<std::string>& files,
                                  const ThreadBudget& threads) {
  const std::vector<std::string> names(files.begin(), files.end());
  std::vector<SealedFile> sealed(names.size());
  ParallelFor(threads, static_cast<int64_t>(names.size()), [&](int64_t i, int) {
    auto& file = sealed[static_cast<size_t>(i)];
    file = LookAtFile(root, names[static_cast<size_t>(i)]);
    const FileHash hash = Sha256OfFile(ResolveInside(root, file.path));
    file.sha256 = hash.sha256;
    if (hash.size_bytes != file.size_bytes) ThrowInput("changes while it is being sealed", (root / file.path).string());
  });
  return sealed;
}

void RequireUnchanged(const std::filesystem::path& root, const std::vector<SealedFile>& files) {
  for (const SealedFile& file : files) {
    const SealedFile now = LookAtFile(root, file.path);
    if (now.size_bytes == file.size_bytes && now.mtime_ns == file.mtime_ns) continue;
    ThrowInput("changed while it was being sealed", (root / file.path).string(), "seal it when nothing writes to it");
  }
}

Dataset OpenAsItIs(const std::filesystem::path& root) {
  OpenOptions options;
  options.hold_to_seal = false;
  return Dataset::Open(root.string(), options);
}

Seal MakeSeal(const std::filesystem::path& root, const SealWork& work) {
  const Dataset dataset = OpenAsItIs(root);
  Seal seal;
  std::set<std::string> names = NamedFiles(dataset);
  seal.files = HashFiles(root, names, work.threads);
  EpisodeHashes episodes = HashEpisodes(dataset, work, /*keep_going=*/false);
  seal.episodes = std::move(episodes.hashes);
  for (const std::string& name : names) episodes.picture_files.erase(name);
  for (SealedFile& file : HashFiles(root, episodes.picture_files, work.threads)) seal.files.push_back(std::move(file));
  std::sort(seal.files.begin(), seal.files.end(), [](auto& a, auto& b) { return a.path < b.path; });
  RequireUnchanged(root, seal.files);
  return seal;
}

std::vector<SealDifference> Compare(const Seal& before, const Seal& now) {
  std::vector<SealDifference> differences;
  std::map<std::string, const SealedFile*> old_files;
  for (const SealedFile& file : before.files) old_files[file.path] = &file;
  for (const SealedFile& file : now.files) {
    const auto found = old_files.find(file.path);
    if (found == old_files.end()) {
      differences.push_back({file.path, -1, "was not there when the dataset was sealed"});
    } else if (found->second->sha256 != file.sha256) {
      differences.push_back({file.path, -1, "has another content than when the dataset was sealed"});
    }
    if (found != old_files.end()) old_files.erase(found);
  }
  for (const auto& [path, file] : old_files) differences.push_back({path, -1, "is no file of the dataset any more"});
  const size_t most = std::max(before.episodes.size(), now.episodes.size());
  for (size_t i = 0; i < most; ++i) {
    const auto episode = static_cast<int64_t>(i);
    if (i >= before.episodes.size()) {
      differences.push_back({"", episode, "was not there when the dataset was sealed"});
    } else if (i >= now.episodes.size()) {
      differences.push_back({"", episode, "is not there any more"});
    } else if (before.episodes[i] != now.episodes[i]) {
      differences.push_back({"", episode, "has other values than when the dataset was sealed"});
    }
  }
  return differences;
}

void VerifyFiles(const std::filesystem::path& root, const Seal& seal, const ThreadBudget& threads, SealReport& report) {
  std::vector<std::string> faults(seal.files.size());
  ParallelFor(threads, static_cast<int64_t>(faults.size()), [&](int64_t i, int) {
    faults[static_cast<size_t>(i)] = ContentFault(root, seal.files[static_cast<size_t>(i)]);
  });
  std::set<std::string> sealed;
  for (size_t i = 0; i < faults.size(); ++i) {
    const SealedFile& file = seal.files[i];
    sealed.insert(file.path);
    if (!faults[i].empty()) report.differences.push_back({file.path, -1, faults[i]});
    if (faults[i].empty() && LookAtFile(root, file.path).mtime_ns != file.mtime_ns) ++report.num_touched;
  }
  for (const std::string& file : MetaFiles(root)) {
    if (!sealed.contains(file)) {
      report.differences.push_back({file, -1, "was not there when the dataset was sealed"});
    }
  }
}

void VerifyEpisodes(const std::filesystem::path& root, const Seal& seal, const SealWork& work, SealReport& report) {
  try {
    const EpisodeHashes now = HashEpisodes(OpenAsItIs(root), work, /*keep_going=*/true);
    const auto differences = Compare({{}, seal.episodes}, {{}, now.hashes});
    for (SealDifference difference : differences) {
      const auto episode = static_cast<size_t>(difference.episode);
      if (episode < now.errors.size() && !now.errors[episode].empty()) difference.what = now.errors[episode];
      report.differences.push_back(std::move(difference));
    }
  } catch (const Error& error) {
    report.differences.push_back({"meta/info.json", -1, std::string("the dataset can't be opened: ") + error.what()});
  }
}

}  // namespace

std::string SealDifference::Text() const {
  return (file.empty() ? "episode " + std::to_string(episode) : file) + ": " + what;
}

SealOutcome SealDataset(const std::filesystem::path& root, bool again, const SealWork& work) {
  const FolderLock lock(root / "meta");
  auto content = ReadHeddleJson(root).value_or(HeddleJson{});
  SealOutcome outcome{MakeSeal(root, work), false, {}};
  if (content.seal) outcome.differences = Compare(*content.seal, outcome.seal);
  const auto table = HashOfLabelTable(root);
  const bool same_table = !content.label_table || !LabelTableFault(root, *content.label_table);
  if (!same_table) outcome.differences.push_back({kLabelTableFile, -1, "is not the table that was written here"});
  if (!outcome.differences.empty() && !again) return outcome;
  if (content.seal && outcome.differences.empty()) return outcome;
  content.seal = outcome.seal;
  content.label_table.reset();
  if (table) content.label_table = LabelTableHash{*table, std::nullopt};
  WriteHeddleJson(root, content);
  outcome.written = true;
  return outcome;
}

SealReport VerifySeal(const std::filesystem::path& root, const SealWork& work) {
  SealReport report;
  std::optional<HeddleJson> content;
  try {
    content = ReadHeddleJson(root);
  } catch (const Error& error) {
    report.differences.push_back({"meta/heddle.json", -1, error.message()});
    return report;
  }
  if (!content || !content->seal) {
    ThrowUsage("the dataset has no seal", root.string(), "heddle data seal " + root.string());
  }
  report.num_files = static_cast<int64_t>(content->seal->files.size());
  report.num_episodes = static_cast<int64_t>(content->seal->episodes.size());
  report.seal_id = content->seal->Id();
  VerifyFiles(root, *content->seal, work.threads, report);
  if (content->label_table) {
    if (const auto fault = LabelTableFault(root, *content->label_table)) {
      report.differences.push_back({kLabelTableFile, -1, *fault});
    }
  }
  VerifyEpisodes(root, *content->seal, work, report);
  return report;
}

}  // namespace heddle::data
