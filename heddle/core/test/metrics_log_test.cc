#include "heddle/core/metrics_log.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cmath>
#include <csignal>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "heddle/core/atomic_file.h"
#include "heddle/core/error.h"
#include "heddle/core/read_file.h"
#include "heddle/core/test/scratch_folder.h"

namespace heddle {
namespace {

using Json = nlohmann::ordered_json;

TEST(MetricsLog, EachRowIsALineThatIsThereAtOnce) {
  const ScratchFolder folder;
  const auto path = folder.path() / "metrics.jsonl";
  MetricsLog log(path);
  log.Append({{"step", 1}, {"loss", 0.5}});
  EXPECT_EQ(ReadFile(path), "{\"step\":1,\"loss\":0.5}\n");
  log.Append({{"step", 2}, {"note", "two\nlines"}});
  EXPECT_EQ(ReadFile(path), "{\"step\":1,\"loss\":0.5}\n{\"step\":2,\"note\":\"two\\nlines\"}\n");
}

TEST(MetricsLog, ReopenedItCutsTheTornLineOfAKilledRunAndGoesOn) {
  const ScratchFolder folder;
  const auto path = folder.path() / "metrics.jsonl";
  const std::string whole = "{\"step\":1}\n{\"step\":2}\n";
  // Cut after every byte of a third row, also when only its end is missing; and blocks of zeros after a power cut.
  const std::string third = "{\"step\":3,\"text\":\"a}\"}";
  for (size_t cut = 0; cut <= third.size(); ++cut) {
    WriteFileAtomically(path, whole + third.substr(0, cut));
    MetricsLog log(path);
    EXPECT_EQ(log.rows_at_start(), 2);
    EXPECT_EQ(log.cut_bytes(), static_cast<int64_t>(cut));
    log.Append({{"step", 4}});
    EXPECT_EQ(ReadFile(path), whole + "{\"step\":4}\n");
  }
  WriteFileAtomically(path, whole + std::string(100, '\0'));
  EXPECT_EQ(MetricsLog(path).cut_bytes(), 100);
  EXPECT_EQ(ReadFile(path), whole);
}

TEST(MetricsLog, AFileThatIsNoLogIsRefusedAndLeftAsItIs) {
  const ScratchFolder folder;
  const auto path = folder.path() / "notes.txt";
  for (const std::string text :
       {"a diary", "{\"step\":1}\nhello\n{\"step\":2}\n", "{\"step\":1}\n{broken\n{\"step\":2}\n", "[1]\n"}) {
    WriteFileAtomically(path, text);
    try {
      const MetricsLog log(path);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kInput);
      EXPECT_NE(error.message().find("this line is no JSON object"), std::string::npos);
    }
    EXPECT_EQ(ReadFile(path), text);
  }
}

TEST(MetricsLog, RowsOfManyThreadsAreNeverMixed) {
  const ScratchFolder folder;
  const auto path = folder.path() / "metrics.jsonl";
  constexpr int kThreads = 4, kRows = 200;
  {
    MetricsLog log(path);
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&log, thread] {
        for (int row = 0; row < kRows; ++row)
          log.Append({{"id", thread * kRows + row}, {"text", std::string(200, 'x')}});
      });
    }
  }
  std::set<int> ids;
  std::istringstream lines(ReadFile(path));
  for (std::string line; std::getline(lines, line);) ids.insert(Json::parse(line)["id"].get<int>());
  EXPECT_EQ(ids.size(), size_t{kThreads * kRows});
}

TEST(MetricsLog, ARowThatDoesNotFitOnTheDiskLeavesNothing) {
  const ScratchFolder folder;
  const auto path = folder.path() / "metrics.jsonl";
  MetricsLog log(path);
  log.Append({{"step", 1}});
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{50, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  EXPECT_THROW(log.Append({{"text", std::string(100, 'x')}}), Error);
  EXPECT_EQ(ReadFile(path), "{\"step\":1}\n");
  setrlimit(RLIMIT_FSIZE, &before);
  log.Append({{"step", 2}});
  EXPECT_EQ(ReadFile(path), "{\"step\":1}\n{\"step\":2}\n");
}

TEST(MetricsLog, NumbersThatAreNotFiniteAreRefused) {
  const ScratchFolder folder;
  MetricsLog log(folder.path() / "metrics.jsonl");
  EXPECT_THROW(log.Append({{"loss", NAN}}), Error);
  EXPECT_THROW(log.Append(Json::array({1, 2})), Error);
  EXPECT_EQ(ReadFile(folder.path() / "metrics.jsonl"), "");
}

}  // namespace
}  // namespace heddle
