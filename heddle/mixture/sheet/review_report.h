// A review of a mixture sheet for people, for a spreadsheet, for programs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "heddle/mixture/sheet/review.h"

namespace heddle::mixture {

std::string ReviewText(const Sheet& sheet, const SheetReview& review, const ReviewOptions& options);

// One row a source; its first line names the columns.
std::string ReviewCsv(const Sheet& sheet, const SheetReview& review);

// docs/reference/mixture.md has the keys.
nlohmann::ordered_json ReviewJson(const Sheet& sheet, const SheetReview& review, const ReviewOptions& options);

nlohmann::ordered_json ToJson(const theory::RatioGuideline& guideline);

// Columns padded to their widest cell, two spaces apart; the first row is the header.
std::string ColumnsText(std::span<const std::vector<std::string>> rows);
// "0.129", "12.3": three digits that count.
std::string ShortNumber(double value);

}  // namespace heddle::mixture
