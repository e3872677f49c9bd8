// Datasets that the real libraries wrote: the audit finds no fault with them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "heddle/core/json.h"
#include "heddle/data/audit/audit.h"
#include "heddle/data/audit/report_json.h"
#include "heddle/data/audit/report_text.h"

namespace heddle::data::audit {
namespace {

const std::vector<std::string> kSamples = {"v3-tiny", "v3-multifile", "v3-converted", "v3-language", "v21-tiny"};

std::string Sample(const std::string& name) { return HEDDLE_TESTDATA "/lerobot/" + name; }

TEST(AuditSamples, RaiseNoErrorAndHardlyAWarning) {
  int64_t warned = 0;
  for (const std::string& name : kSamples) {
    const AuditReport report = AuditDatasets({Sample(name)}, {.frames = -1}, ThreadBudget(2));
    EXPECT_EQ(report.Count(Severity::kError), 0) << AuditText(report, {});
    if (report.Count(Severity::kWarning) > 0) ++warned;
    EXPECT_GT(report.datasets[0].frames_decoded, 0);
  }
  EXPECT_LE(warned, 1);
}

}  // namespace
}  // namespace heddle::data::audit
