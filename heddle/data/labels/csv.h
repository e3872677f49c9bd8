// Comma-separated values as RFC 4180 has them, strictly.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::data {

struct CsvRecord {
  int64_t line = 1;  // that it begins on
  std::vector<std::string> fields;
};

// Records end with CR LF or LF, the last one may end without; a byte order mark at the beginning and empty lines are
// passed over. Fields may be quoted, with quotes doubled inside. kInput with `place`:line for a quote inside of a field
// that is not quoted, text behind a closing quote, a quote that is never closed, or text that is not UTF-8.
std::vector<CsvRecord> ParseCsv(std::string_view text, const std::string& place);

// The field as it stands in a file: quoted where it must be.
std::string CsvField(std::string_view text);

}  // namespace heddle::data
