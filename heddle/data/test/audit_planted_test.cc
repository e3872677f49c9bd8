// Faults planted into the files of a dataset that LeRobot wrote, one at a time, and audited from the disk: the fault is
// found where it is, and no other error is raised.
#include <arrow/api.h>
#include <arrow/io/api.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "heddle/core/error.h"
#include "heddle/core/read_file.h"
#include "heddle/data/audit/audit.h"
#include "heddle/data/audit/report_text.h"
#include "heddle/data/seal.h"

namespace heddle::data::audit {
namespace {

namespace fs = std::filesystem;

const std::string kData = "data/chunk-000/file-000.parquet", kEpisodes = "meta/episodes/chunk-000/file-000.parquet";
const std::string kFront = "videos/observation.images.front/chunk-000/file-000.mp4";

class Planted : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(testing::TempDir()) / "audit_planted";
    fs::remove_all(root_);
    fs::copy(HEDDLE_TESTDATA "/lerobot/v3-tiny", root_, fs::copy_options::recursive);
    fs::remove(root_ / "expected.json");
  }
  void TearDown() override { fs::remove_all(root_); }

  void Write(const std::string& file, const std::string& bytes) {
    std::ofstream(root_ / file, std::ios::binary | std::ios::trunc) << bytes;
  }
  void Truncate(const std::string& file, double share) {
    const std::string bytes = ReadFile(root_ / file);
    Write(file, bytes.substr(0, static_cast<size_t>(share * static_cast<double>(bytes.size()))));
  }
  void EditInfo(const std::function<void(nlohmann::ordered_json&)>& edit) {
    auto info = nlohmann::ordered_json::parse(ReadFile(root_ / "meta/info.json"));
    edit(info);
    Write("meta/info.json", info.dump(4));
  }

  using EditTable = std::function<std::shared_ptr<arrow::Table>(const std::shared_ptr<arrow::Table>&)>;
  void EditParquet(const std::string& file, const EditTable& edit) {
    const std::string path = (root_ / file).string();
    std::shared_ptr<arrow::Table> table;
    {
      auto reader =
          parquet::arrow::OpenFile(arrow::io::ReadableFile::Open(path).ValueOrDie(), arrow::default_memory_pool())
              .ValueOrDie();
      table = reader->ReadTable().ValueOrDie();
    }
    const auto out = arrow::io::FileOutputStream::Open(path).ValueOrDie();
    ASSERT_TRUE(parquet::arrow::WriteTable(*edit(table), arrow::default_memory_pool(), out).ok());
  }
  // Each value of a column of whole numbers by a function of row and value.
  void EditColumn(const std::string& file, const std::string& name,
                  const std::function<int64_t(int64_t, int64_t)>& edit) {
    EditParquet(file, [&](const std::shared_ptr<arrow::Table>& table) {
      const auto combined = table->CombineChunks().ValueOrDie();
      const int column = combined->schema()->GetFieldIndex(name);
      const auto& old = static_cast<const arrow::Int64Array&>(*combined->column(column)->chunk(0));
      arrow::Int64Builder builder;
      for (int64_t row = 0; row < old.length(); ++row) EXPECT_TRUE(builder.Append(edit(row, old.Value(row))).ok());
      const auto values = std::make_shared<arrow::ChunkedArray>(builder.Finish().ValueOrDie());
      return combined->SetColumn(column, combined->schema()->field(column), values).ValueOrDie();
    });
  }
  static std::shared_ptr<arrow::Table> WithoutRow(const std::shared_ptr<arrow::Table>& table, int64_t row) {
    return arrow::ConcatenateTables({table->Slice(0, row), table->Slice(row + 1)}).ValueOrDie();
  }

  void ExpectOnlyError(const std::string& code) {
    const AuditReport report = AuditDatasets({root_.string()}, {.frames = -1}, ThreadBudget(2));
    EXPECT_GT(report.datasets[0].findings.Count(code), 0) << code << "\n" << AuditText(report, {});
    for (const Finding& finding : report.datasets[0].findings.Sorted()) {
      if (finding.severity != Severity::kError) continue;
      EXPECT_EQ(finding.code, code) << finding.what;
    }
  }

  fs::path root_;
};

TEST_F(Planted, FilesOfMeta) {
  fs::remove(root_ / "meta/info.json");
  ExpectOnlyError("not-a-dataset");
}

TEST_F(Planted, InfoThatIsNoJson) {
  for (const double share : {0.9, 0.5, 0.01}) {
    SetUp();
    Truncate("meta/info.json", share);
    ExpectOnlyError("info-unreadable");
  }
}

TEST_F(Planted, AVersionThatIsNotRead) {
  EditInfo([](auto& info) { info["codebase_version"] = "v4.0"; });
  ExpectOnlyError("info-unreadable");
}

TEST_F(Planted, EpisodeTableWithoutAnEnd) {
  Truncate(kEpisodes, 0.7);
  ExpectOnlyError("meta-unreadable");
}

TEST_F(Planted, EpisodesThatAreMissingDoubledOrOutOfOrder) {
  EditParquet(kEpisodes, [](const auto& table) { return WithoutRow(table, 1); });
  ExpectOnlyError("episode-index-gap");
  SetUp();
  EditColumn(kEpisodes, "episode_index",
             [](int64_t row, int64_t) { return std::vector<int64_t>{0, 1, 1}[static_cast<size_t>(row)]; });
  ExpectOnlyError("episode-index-doubled");
  SetUp();
  EditColumn(kEpisodes, "episode_index",
             [](int64_t row, int64_t) { return std::vector<int64_t>{0, 2, 1}[static_cast<size_t>(row)]; });
  ExpectOnlyError("episode-index-order");
  SetUp();
  EditInfo([](auto& info) { info["total_episodes"] = 5; });
  ExpectOnlyError("episodes-counted-wrong");
}

TEST_F(Planted, DataFilesThatAreMissingCutOrNoParquet) {
  fs::remove(root_ / kData);
  ExpectOnlyError("data-file-missing");
  for (const double share : {0.9, 0.5, 0.1}) {
    SetUp();
    Truncate(kData, share);
    ExpectOnlyError("data-file-footerless");
  }
  SetUp();
  Write(kData, "no Parquet at all");
  ExpectOnlyError("data-file-unreadable");
}

TEST_F(Planted, RowsThatAreMissingDoubledShiftedOrForeign) {
  for (const int64_t row : {3, 25, 60}) {
    SetUp();
    EditParquet(kData, [&](const auto& table) { return WithoutRow(table, row); });
    ExpectOnlyError("rows-missing");
    SetUp();
    EditParquet(kData, [&](const std::shared_ptr<arrow::Table>& table) {
      return arrow::ConcatenateTables({table->Slice(0, row), table->Slice(row - 1)}).ValueOrDie();
    });
    ExpectOnlyError("rows-doubled");
  }
  for (const int64_t by : {1, -1, 20}) {
    SetUp();
    EditColumn(kData, "index", [&](int64_t row, int64_t index) { return row < 30 ? index : index + by; });
    ExpectOnlyError("rows-shifted");
  }
  SetUp();
  EditColumn(kData, "episode_index", [](int64_t row, int64_t episode) { return row == 40 ? 0 : episode; });
  ExpectOnlyError("rows-foreign");
  SetUp();
  EditColumn(kData, "frame_index", [](int64_t row, int64_t frame) { return row > 50 ? frame + 1 : frame; });
  ExpectOnlyError("frame-index-wrong");
}

TEST_F(Planted, TasksThatAreNotThere) {
  EditColumn(kData, "task_index", [](int64_t row, int64_t task) { return row == 33 ? 9 : task; });
  ExpectOnlyError("task-index-out-of-range");
}

TEST_F(Planted, CountersThatAreWrong) {
  EditInfo([](auto& info) { info["total_frames"] = 60; });
  ExpectOnlyError("frames-counted-wrong");
}

TEST_F(Planted, VideosThatAreMissingCutOrNone) {
  fs::remove(root_ / kFront);
  ExpectOnlyError("video-file-missing");
  for (const double share : {0.6, 0.3, 0.05}) {
    SetUp();
    Truncate(kFront, share);
    const AuditReport report = AuditDatasets({root_.string()}, {.frames = -1}, ThreadBudget(2));
    const Findings& findings = report.datasets[0].findings;
    EXPECT_GT(
        findings.Count("video-file-unreadable") + findings.Count("frame-unreadable") + findings.Count("video-short"),
        0);
    EXPECT_EQ(findings.Count(Severity::kError), findings.Count("video-file-unreadable") +
                                                    findings.Count("frame-unreadable") + findings.Count("video-short"));
  }
  SetUp();
  Write(kFront, "no video at all");
  ExpectOnlyError("video-file-unreadable");
}

TEST_F(Planted, StatisticsOfOtherData) {
  auto statistics = nlohmann::ordered_json::parse(ReadFile(root_ / "meta/stats.json"));
  statistics["action"]["mean"][2] = statistics["action"]["mean"][2].get<double>() + 0.1;
  Write("meta/stats.json", statistics.dump());
  ExpectOnlyError("statistics-wrong");
}

TEST_F(Planted, StatisticsThatCanNotBeRead) {
  for (const char* text : {"{\"action\": {", "[]", "{\"action\": {\"mean\": \"much\"}}"}) {
    Write("meta/stats.json", text);
    const AuditReport report = AuditDatasets({root_.string()}, {}, ThreadBudget(1));
    EXPECT_EQ(report.datasets[0].findings.Count("statistics-unreadable"), 1) << text;
    EXPECT_EQ(report.datasets[0].findings.Count("statistics-missing"), 0) << text;
  }
  fs::remove(root_ / "meta/stats.json");
  const AuditReport report = AuditDatasets({root_.string()}, {}, ThreadBudget(1));
  EXPECT_EQ(report.datasets[0].findings.Count("statistics-missing"), 1);
}

TEST_F(Planted, SealedFilesWithAnotherContent) {
  for (const std::string& file : {kData, kFront, std::string("meta/info.json"), std::string("meta/stats.json")}) {
    SetUp();
    SealDataset(root_, false, {});
    std::string bytes = ReadFile(root_ / file);
    char& changed = bytes[file == kFront || file == kData ? bytes.size() / 3 : bytes.find_last_of("0123456789")];
    changed = static_cast<char>(changed ^ 1);
    Write(file, bytes);
    ExpectOnlyError("seal-broken");
    const auto report = AuditDatasets({root_.string()}, {}, ThreadBudget(1));
    for (const Finding& finding : report.datasets[0].findings.Sorted()) {
      if (finding.code == "seal-broken") {
        EXPECT_THAT(finding.mend, testing::HasSubstr("heddle data seal " + root_.string() + " --verify")) << file;
      }
    }
  }
}

TEST_F(Planted, ASealedFileThatIsGone) {
  SealDataset(root_, false, {});
  fs::remove(root_ / kData);
  ExpectOnlyError("seal-broken");
}

TEST_F(Planted, TheSameDatasetTwiceIsRefused) {
  try {
    AuditDatasets({root_.string(), (root_ / "meta/..").string()}, {}, ThreadBudget(1));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
  }
}

TEST_F(Planted, FilesThatNothingRefersTo) {
  Write("data/chunk-000/file-007.parquet", "left over");
  const AuditReport report = AuditDatasets({root_.string()}, {}, ThreadBudget(1));
  EXPECT_EQ(report.datasets[0].findings.Count("orphan-file"), 1);
  EXPECT_FALSE(report.has_errors());
}

}  // namespace
}  // namespace heddle::data::audit
