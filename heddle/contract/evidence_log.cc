#include "heddle/contract/evidence_log.h"

#include <cerrno>
#include <fstream>
#include <string>

#include "heddle/core/error.h"
#include "heddle/core/json.h"

namespace heddle::contract {
namespace {

// More than any row has; keeps a file without line ends from being taken into memory.
constexpr size_t kMostLineBytes = size_t{16} << 20;

class Lines {
 public:
  explicit Lines(const std::filesystem::path& file) : file_(file), in_(file, std::ios::binary) {
    if (std::filesystem::is_directory(file)) ThrowSystem("cannot read this file", file.string(), EISDIR);
    if (!in_) ThrowSystem("cannot read this file", file.string(), errno);
  }

  // False at the end of the file.
  bool Next() {
    text_.clear();
    has_end_ = false;
    for (int c; (c = in_.get()) != std::char_traits<char>::eof();) {
      if (c == '\n') {
        has_end_ = true;
        break;
      }
      text_ += static_cast<char>(c);
      if (text_.size() > kMostLineBytes) ThrowInput("this line is too long for an evidence row", PlaceOf(number_ + 1));
    }
    if (in_.bad()) ThrowSystem("cannot read this file", file_.string(), EIO);
    if (text_.empty() && !has_end_) return false;
    ++number_;
    return true;
  }

  const std::string& text() const { return text_; }
  bool has_end() const { return has_end_; }
  int64_t number() const { return number_; }
  std::string place() const { return PlaceOf(number_); }

 private:
  std::string PlaceOf(int64_t line) const { return file_.string() + ":" + std::to_string(line); }

  const std::filesystem::path file_;
  std::ifstream in_;
  std::string text_;
  bool has_end_ = false;
  int64_t number_ = 0;
};

// What a writer leaves that is stopped inside of a row, or a power cut (blocks that were never filled).
bool IsTorn(const Lines& lines) {
  if (lines.has_end()) return false;
  return lines.text()[0] == '\0' || (lines.text()[0] == '{' && !nlohmann::ordered_json::accept(lines.text()));
}

}  // namespace

std::filesystem::path EvidencePath(const std::filesystem::path& path) {
  return std::filesystem::is_directory(path) ? path / "evidence.jsonl" : path;
}

int64_t ForEachEvidenceRow(const std::filesystem::path& path,
                           const std::function<void(EvidenceRow row, int64_t line)>& use) {
  Lines lines(EvidencePath(path));
  while (lines.Next()) {
    if (IsTorn(lines)) return static_cast<int64_t>(lines.text().size());
    use(EvidenceRowFromJson(ParseJson(lines.text(), lines.place()), lines.place()), lines.number());
  }
  return 0;
}

EvidenceFile ReadEvidence(const std::filesystem::path& path) {
  EvidenceFile file;
  file.torn_bytes =
      ForEachEvidenceRow(path, [&](EvidenceRow row, int64_t /*line*/) { file.rows.push_back(std::move(row)); });
  return file;
}

}  // namespace heddle::contract
