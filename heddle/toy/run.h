// One run of the toy from options to files: what `heddle toy` does.
//
// Leaves in the output folder toy.json, toy.html (if the page is built in) and metrics.jsonl (one line a net, with its
// time). When it is stopped, what is complete is written all the same, marked as partial.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "heddle/core/parallel.h"
#include "heddle/core/progress.h"
#include "heddle/toy/options.h"

namespace heddle::toy {

struct RunPlan {
  ToyOptions options;
  std::filesystem::path out;
  std::optional<std::filesystem::path> latents;
  std::string_view page_template;  // empty: no page
  std::string_view page_marker;    // what in the template the data takes the place of
  std::string version;
};

struct RunSummary {
  bool partial = false;  // nets are missing because it was stopped
  bool stopped = false;  // it was stopped, be it only while latents were written
  int complete_nets = 0, nets = 0;
  std::filesystem::path json;
  std::optional<std::filesystem::path> page;
  int latent_cases = 0;
  std::string text;  // the findings, for people
};

RunSummary RunToy(const RunPlan& plan, const ThreadBudget& budget, const StopFlag& stop, std::ostream& progress_out,
                  ProgressStyle style);

// The template with the data in the marker's place; no text of the data can end the element that holds it.
std::string FillPage(std::string_view page_template, std::string_view marker, std::string_view json);

}  // namespace heddle::toy
