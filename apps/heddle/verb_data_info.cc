// heddle data info: a dataset in one screen.
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/heddle/verb.h"
#include "heddle/core/json.h"
#include "heddle/data/dataset.h"
#include "heddle/data/dataset_report.h"

namespace heddle::cli {
namespace {

struct InfoFlags {
  std::string dataset;
  bool json = false;
};

int Run(const InfoFlags& flags, const Console& console) {
  const data::Dataset dataset = data::Dataset::Open(flags.dataset);
  if (flags.json) {
    console.out << DumpJson(data::DescribeDataset(dataset), 2) << "\n";
  } else {
    console.out << data::PictureOfDataset(dataset);
  }
  return kExitDone;
}

VerbRun Add(CLI::App& app) {
  const auto flags = std::make_shared<InfoFlags>();
  app.add_option("DATASET", flags->dataset, "a folder, or owner/name of a downloaded dataset")->required();
  AddJsonFlag(app, flags->json);
  return [flags](const Console& console) { return Run(*flags, console); };
}

}  // namespace

Verb DataInfoVerb() {
  return {.name = "data info",
          .group = VerbGroup::kData,
          .reads = "a dataset's meta/",
          .leaves = "the dataset in one screen: features, episodes, tasks, cameras, files",
          .about = "Shows what a LeRobot dataset (v3.0, v2.1 or v2.0) holds. Reads meta/ only, so it is quick.",
          .example = "heddle data info lerobot/pusht",
          .add = Add};
}

}  // namespace heddle::cli
