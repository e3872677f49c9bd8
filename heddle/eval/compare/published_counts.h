// Success counts that were published without the episodes: successes of n, by policy. Nothing is paired, and said so.
//
//   group,name,successes,n            group may be left out; within a group the first policy is the baseline
//   mug_cleanup,real only,8,30
//   mug_cleanup,mix w=0.1,9,30
//
// or JSON: a list of objects with the same keys.
#pragma once

#include <string>
#include <vector>

#include "heddle/eval/compare/compare.h"

namespace heddle::eval {

struct PublishedRate {
  std::string group, name;
  Rate rate = {};
};

// kInput with the line or place: an unknown column (with the nearest right one), a count that is no whole number or
// more than n, n below 1, a name that is given twice in a group, a group of one.
std::vector<PublishedRate> ReadPublishedCounts(const std::string& file);

struct CountsGroup {
  std::string name;
  std::vector<PublishedRate> policies;  // the baseline first
  std::vector<Verdict> verdicts;
};

struct CountsReport {
  CompareOptions options = {};
  EvidenceSource source = {};
  std::vector<CountsGroup> groups = {};
};

// p is corrected within a group. Usage errors for options without a meaning here (a metric, a field, the sequential
// test) are the caller's; for a baseline that no group has, they are thrown here.
CountsReport CompareCounts(const std::string& file, const CompareOptions& options);

}  // namespace heddle::eval
