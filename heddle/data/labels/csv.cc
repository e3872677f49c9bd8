#include "heddle/data/labels/csv.h"

#include "heddle/core/error.h"
#include "heddle/core/text.h"

namespace heddle::data {
namespace {

class Parser {
 public:
  Parser(std::string_view text, const std::string& place) : text_(text), place_(place) {}

  std::vector<CsvRecord> Records() {
    std::vector<CsvRecord> records;
    while (at_ < text_.size()) {
      if (TakeLineEnd()) continue;  // an empty line
      CsvRecord record{line_, {}};
      do {
        record.fields.push_back(Field());
      } while (Take(','));
      if (at_ < text_.size() && !TakeLineEnd()) Fail("text behind a closing quote", "put a comma between two fields");
      records.push_back(std::move(record));
    }
    return records;
  }

 private:
  bool Take(char wanted) {
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  bool TakeLineEnd() {
    const std::string_view rest = text_.substr(at_);
    const size_t size = rest.starts_with("\r\n") ? 2 : rest.starts_with("\n") ? 1 : 0;
    at_ += size;
    line_ += size > 0;
    return size > 0;
  }

  bool AtFieldEnd() const {
    const std::string_view rest = text_.substr(at_);
    return rest.empty() || rest[0] == ',' || rest[0] == '\n' || rest.starts_with("\r\n");
  }

  std::string Field() {
    if (Take('"')) return QuotedField();
    std::string field;
    for (; !AtFieldEnd(); ++at_) {
      if (text_[at_] == '"') Fail("a quote inside of a field", "quote the whole field, and double the quotes in it");
      field += text_[at_];
    }
    return field;
  }

  std::string QuotedField() {
    const int64_t begin = line_;
    std::string field;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"' && !Take('"')) return field;
      line_ += c == '\n';
      field += c;
    }
    line_ = begin;
    Fail("a quote that is never closed", "close it");
  }

  [[noreturn]] void Fail(const std::string& what, const std::string& mend) const {
    ThrowInput(what, place_ + ":" + std::to_string(line_), mend);
  }

  std::string_view text_;
  const std::string& place_;
  size_t at_ = 0;
  int64_t line_ = 1;
};

}  // namespace

std::vector<CsvRecord> ParseCsv(std::string_view text, const std::string& place) {
  if (!IsUtf8(text)) ThrowInput("text that is not UTF-8", place, "save it as UTF-8");
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return Parser(text, place).Records();
}

std::string CsvField(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace heddle::data
