// Rows of the data files against the episode table.
#include "heddle/data/audit/check.h"
#include "heddle/data/audit/check_entries.h"
#include "heddle/data/audit/wording.h"

namespace heddle::data::audit {
namespace {

const char* CodeOf(RowFault::Kind kind) {
  switch (kind) {
    case RowFault::Kind::kMissing: return "rows-missing";
    case RowFault::Kind::kDoubled: return "rows-doubled";
    case RowFault::Kind::kShifted: return "rows-shifted";
    case RowFault::Kind::kForeign: return "rows-foreign";
    case RowFault::Kind::kFrameIndex: return "frame-index-wrong";
  }
  return "";
}

std::string Sentence(const DataFileFacts& file, const RowFault& fault) {
  const char* column = fault.kind == RowFault::Kind::kForeign      ? "episode_index "
                       : fault.kind == RowFault::Kind::kFrameIndex ? "frame_index "
                                                                   : "index ";
  return file.file + " row " + std::to_string(fault.row) + " has " + column + std::to_string(fault.found) + ", and " +
         std::to_string(fault.expected) + " belongs there; " + Count(fault.num_rows, "row") + " from there on " +
         (fault.num_rows == 1 ? "differs" : "differ");
}

class Rows : public Check {
 public:
  void Begin(const DatasetFacts& facts, Findings& findings) override {
    if (facts.episodes.empty()) findings.Add("no-episodes", {}, "the dataset is empty: it has no episode");
    int64_t frames = 0;
    for (const Episode& episode : facts.episodes) frames += episode.length;
    if (frames != facts.info.total_frames) {
      findings.Add("frames-counted-wrong", {},
                   "meta/info.json counts " + Count(facts.info.total_frames, "frame") + ", and the episodes have " +
                       std::to_string(frames),
                   {{"info", facts.info.total_frames}, {"episodes", frames}});
    }
    for (const auto& file : facts.data_files) CheckFile(file, findings);
  }

 private:
  static void CheckFile(const DataFileFacts& file, Findings& findings) {
    if (!file.exists || file.error) return;
    for (const RowFault& fault : file.faults) {
      findings.Add(
          CodeOf(fault.kind), {.episode = fault.episode, .frame = fault.frame, .feature = file.file},
          Sentence(file, fault),
          {{"row", fault.row}, {"expected", fault.expected}, {"found", fault.found}, {"rows", fault.num_rows}});
    }
    if (!file.faults.empty()) return;
    const std::string counts = file.file + " has " + Count(file.num_rows, "row") + ", and its episodes have " +
                               Count(file.expected_rows, "frame");
    const nlohmann::ordered_json evidence = {{"rows", file.num_rows}, {"expected", file.expected_rows}};
    if (file.num_rows < file.expected_rows) {
      findings.Add("rows-missing", {.episode = {}, .frame = {}, .feature = file.file}, counts, evidence);
    } else if (file.num_rows > file.expected_rows) {
      findings.Add("rows-beyond", {.episode = {}, .frame = {}, .feature = file.file}, counts, evidence);
    }
  }
};

}  // namespace

CheckEntry RowsCheck() {
  const std::string mend = "the table and the data do not belong together: copy the dataset again, whole";
  return {"rows",
          {{"no-episodes", Severity::kWarning, "no episodes", "there is nothing to train on",
            "record episodes, or leave the dataset out"},
           {"rows-missing", Severity::kError, "rows are missing",
            "all later rows would be taken for others, with another time's pictures", mend},
           {"rows-doubled", Severity::kError, "rows stand twice",
            "all later rows would be taken for others, with another time's pictures", mend},
           {"rows-shifted", Severity::kError, "rows are shifted",
            "an episode would be shown with another one's pictures", mend},
           {"rows-foreign", Severity::kError, "rows of another episode",
            "windows would go from one episode into another", mend},
           {"frame-index-wrong", Severity::kError, "frame_index does not count the frames",
            "readers that go by frame_index show another frame's picture",
            "write frame_index again: 0, 1, 2, ... an episode"},
           {"rows-beyond", Severity::kNote, "rows beyond the episode table",
            "none here: rows beyond the table are not read; other readers may count them",
            "an interrupted recording leaves them: the next recording clears them"},
           {"frames-counted-wrong", Severity::kError, "the frame counter is wrong",
            "readers that go by it end too early or beyond the end", "correct total_frames in meta/info.json"}},
          [] { return std::make_unique<Rows>(); }};
}

}  // namespace heddle::data::audit
