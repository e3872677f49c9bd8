// heddle data show: the window that training would see.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/heddle/verb.h"
#include "heddle/core/atomic_file.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/data/labels/dataset_labels.h"
#include "heddle/data/window.h"
#include "heddle/data/window_report.h"

namespace heddle::cli {
namespace {

struct ShowFlags {
  std::string dataset, images;
  std::int64_t episode = 0, frame = 0;
  std::vector<std::string> deltas;
  bool json = false;
};

double ParseSeconds(const std::string& text, const std::string& whole) {
  size_t used = 0;
  double value = 0;
  try {
    value = std::stod(text, &used);
  } catch (const std::exception&) {
    used = 0;
  }
  if (used == 0 || used != text.size()) {
    ThrowUsage("'" + text + "' is no number of seconds", "--deltas " + whole, "--deltas action=0,0.05,0.1");
  }
  return value;
}

// "observation.state=-0.1,0".
void AddDeltas(const std::string& text, data::WindowSpec& spec) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    ThrowUsage("deltas are given as FEATURE=SECONDS,SECONDS", "--deltas " + text, "--deltas action=0,0.05,0.1");
  }
  auto& deltas_s = spec.deltas_s[text.substr(0, equals)];
  if (!deltas_s.empty()) ThrowUsage("deltas of this feature are given twice", "--deltas " + text);
  for (const std::string& part : CLI::detail::split(text.substr(equals + 1), ',')) {
    deltas_s.push_back(ParseSeconds(part, text));
  }
}

int Run(const ShowFlags& flags, const Console& console) {
  const data::Dataset dataset = data::Dataset::Open(flags.dataset);
  data::WindowSpec spec;
  for (const std::string& text : flags.deltas) AddDeltas(text, spec);
  contract::Window window = data::WindowReader(dataset, spec).Read(flags.episode, flags.frame);
  window.labels = data::DatasetLabels::Of(dataset).At(flags.episode, flags.frame);
  std::vector<std::filesystem::path> files;
  if (!flags.images.empty()) files = data::WritePictures(window, dataset.info(), flags.images);
  if (flags.json) {
    auto json = data::DescribeWindow(window, dataset.info());
    for (const auto& file : files) json["images"].push_back(file.string());
    console.out << DumpJson(json, 2) << "\n";
  } else {
    console.out << data::PictureOfWindow(window, dataset.info());
    for (const auto& file : files) console.out << "picture: " << file.string() << "\n";
  }
  return kExitDone;
}

VerbRun Add(CLI::App& app) {
  const auto flags = std::make_shared<ShowFlags>();
  app.add_option("DATASET", flags->dataset, "a folder, or owner/name of a downloaded dataset")->required();
  app.add_option("--episode", flags->episode, "which episode (default: 0)")->type_name("E");
  app.add_option("--frame", flags->frame, "which of its frames (default: 0)")->type_name("F");
  app.add_option("--deltas", flags->deltas, "times of a feature, in seconds from the frame; may be given several times")
      ->type_name("FEATURE=S,S,...")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);
  app.add_option("--images", flags->images, "write the decoded pictures as PNG files into this folder")
      ->type_name("DIR");
  AddJsonFlag(app, flags->json);
  return [flags](const Console& console) { return Run(*flags, console); };
}

}  // namespace

Verb DataShowVerb() {
  return {
      .name = "data show",
      .group = VerbGroup::kData,
      .reads = "a dataset",
      .leaves = "the window that training would see: values, masks, pictures, labels",
      .about =
          "Shows what training would see at one frame: the values at the times asked for, which of them are "
          "padding, the decoded pictures, the instruction and the labels.",
      .example = "heddle data show lerobot/pusht --episode 3 --frame 40 --deltas action=0,0.1,0.2 --images out/window",
      .add = Add};
}

}  // namespace heddle::cli
