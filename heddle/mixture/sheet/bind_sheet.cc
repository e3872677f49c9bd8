#include "heddle/mixture/sheet/bind_sheet.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/sha256.h"
#include "heddle/core/text.h"
#include "heddle/data/fingerprint.h"
#include "heddle/data/heddle_json.h"
#include "heddle/data/labels/dataset_labels.h"
#include "heddle/mixture/bound_source.h"
#include "heddle/mixture/sheet/open_source.h"
#include "heddle/mixture/sheet/pooled_statistics.h"
#include "heddle/mixture/sheet/sheet_layout.h"

namespace heddle::mixture {
namespace {

constexpr int64_t kMaxSteps = 10'000;

double ControlHz(const Sheet& sheet, const std::vector<OpenSource>& sources) {
  if (sheet.control_hz) return *sheet.control_hz;
  const OpenSource* first = nullptr;
  for (const OpenSource& source : sources) {
    if (source.sheet->domain != sheet.target) continue;
    if (first == nullptr) first = &source;
    const double fps = source.dataset->info().fps, first_fps = first->dataset->info().fps;
    if (fps == first_fps) continue;
    ThrowUsage("the target's sources " + first->sheet->name + " and " + source.sheet->name + " have " +
                   FormatDouble(first_fps) + " and " + FormatDouble(fps) + " frames/s",
               sheet.PlaceOf(*source.sheet, "dataset"), "say at the top which rate holds: control_hz");
  }
  return first->dataset->info().fps;
}

std::vector<double> Deltas(int64_t first, int64_t count, double control_hz) {
  std::vector<double> deltas_s;
  for (int64_t i = 0; i < count; ++i) deltas_s.push_back(static_cast<double>(first + i) / control_hz);
  return deltas_s;
}

WindowSpec WindowOf(const WindowChoice& choice, const SheetLayout& layout, double control_hz) {
  for (const auto& [steps, key] :
       {std::pair(choice.observation_steps, "observation_steps"), std::pair(choice.action_steps, "action_steps")}) {
    if (steps < 1 || steps > kMaxSteps) ThrowUsage("is " + std::to_string(steps), key, "at least 1 is needed");
  }
  WindowSpec window;
  window.control_hz = control_hz;
  const auto before = Deltas(1 - choice.observation_steps, choice.observation_steps, control_hz);
  for (const BoundFeature& feature : layout.features) {
    window.deltas_s[feature.name] = feature.is_action ? Deltas(0, choice.action_steps, control_hz) : before;
  }
  for (const CameraLayout& camera : choice.cameras) window.deltas_s[camera.name] = before;
  return window;
}

// A dataset without any camera has none of the mixture's; of one that has some, each must be mapped or be there.
void MapCameras(const Sheet& sheet, const OpenSource& source, const std::vector<CameraLayout>& cameras,
                LayoutMap& map) {
  const std::vector<std::string> own = source.dataset->info().Cameras();
  for (const auto& [name, from] : source.sheet->map.cameras) {
    if (!from || std::ranges::find(own, *from) != own.end()) continue;
    ThrowUsage("source " + source.sheet->name + ": map.cameras: the dataset has no camera '" + *from + "'",
               sheet.PlaceOf(*source.sheet, "map"), SuggestName(*from, own));
  }
  for (const CameraLayout& camera : cameras) {
    const auto mapped = source.sheet->map.cameras.find(camera.name);
    if (mapped != source.sheet->map.cameras.end()) {
      map.cameras[camera.name] = mapped->second;
    } else if (own.empty()) {
      map.cameras[camera.name] = std::nullopt;
    }
  }
}

// A camera that nobody has would be learned to be missing, whatever is seen later.
void RequireCameras(const std::vector<CameraLayout>& cameras, const std::vector<OpenSource>& sources,
                    const Mixture& mixture) {
  for (const CameraLayout& camera : cameras) {
    const bool seen = std::ranges::any_of(mixture.sources, [&](const Source& source) {
      const auto mapped = source.map.cameras.find(camera.name);
      return mapped == source.map.cameras.end() || mapped->second.has_value();
    });
    if (seen) continue;
    std::vector<std::string> known;
    for (const OpenSource& source : sources) {
      for (const std::string& own : source.dataset->info().Cameras()) {
        if (std::ranges::find(known, own) == known.end()) known.push_back(own);
      }
    }
    ThrowUsage("no source has the camera '" + camera.name + "'", "data.cameras",
               known.empty() ? "no dataset of the sheet has pictures" : SuggestName(camera.name, known));
  }
}

void AddLabels(const Sheet& sheet, const OpenSource& open, Source& source) {
  source.labels["embodiment"] = open.sheet->embodiment;
  if (!open.sheet->task_family.empty()) source.labels["task_family"] = open.sheet->task_family;
  std::optional<data::DatasetLabels> own;
  for (const auto& [key, label] : open.sheet->labels) {
    if (label.from.empty()) {
      source.labels[key] = label.value;
      continue;
    }
    if (!own) own = data::DatasetLabels::Of(*open.dataset);
    try {
      source.tracks.emplace(key, own->Track(label.from));
    } catch (const Error& error) {
      throw Error(error.kind(), "source " + open.sheet->name + ": labels." + key + ": " + error.message(),
                  sheet.PlaceOf(*open.sheet, "labels"), error.mend());
    }
  }
}

Source SourceOf(const Sheet& sheet, const OpenSource& open, const std::vector<CameraLayout>& cameras, LayoutMap map) {
  Source source;
  source.name = open.sheet->name;
  source.dataset = open.dataset;
  source.domain = open.sheet->domain;
  source.episodes = open.training;
  source.holdout = open.holdout;
  source.map = std::move(map);
  source.map.default_instruction = open.sheet->map.instruction;
  MapCameras(sheet, open, cameras, source.map);
  AddLabels(sheet, open, source);
  return source;
}

// What only shows when source and layout meet, told with the sheet's line.
SourceSize MeasureSource(const Sheet& sheet, const OpenSource& open, const Source& source, const Layout& layout) {
  try {
    const BoundSource bound(source, layout);
    SourceSize size{0, static_cast<int64_t>(open.training.size()), static_cast<int64_t>(open.holdout.size())};
    for (const int64_t episode : open.training) size.windows += bound.LengthOf(episode);
    return size;
  } catch (const Error& error) {
    throw Error(error.kind(), error.message(), sheet.PlaceOf(*open.sheet, "map") + ": " + error.where(), error.mend());
  }
}

void SetTarget(const Sheet& sheet, const std::vector<OpenSource>& sources, BoundSheet& bound) {
  bound.domains = CheckSources(bound.mixture.sources);
  bound.target_domain = static_cast<int32_t>(std::ranges::find(bound.domains, sheet.target) - bound.domains.begin());
  for (const OpenSource& source : sources) {
    if (source.sheet->domain != sheet.target) continue;
    if (bound.target_embodiment.empty()) bound.target_embodiment = source.sheet->embodiment;
    if (source.sheet->embodiment != bound.target_embodiment) {
      ThrowUsage("source " + source.sheet->name + ": the target acts with " + bound.target_embodiment + " and with " +
                     source.sheet->embodiment,
                 sheet.PlaceOf(*source.sheet, "embodiment"), "one policy acts with one body: make them two domains");
    }
  }
  for (const BoundFeature& feature : bound.features) {
    if (feature.is_action && feature.embodiment == bound.target_embodiment) {
      bound.target_representation = feature.representation;
    }
  }
  if (bound.target_representation.empty()) {
    ThrowUsage("no source has actions of " + bound.target_embodiment + ", with which the target acts",
               sheet.file + ":" + std::to_string(sheet.lines.at("target")),
               "name another target, or add demonstrations");
  }
}

std::vector<std::string> DatasetIds(const std::vector<OpenSource>& sources) {
  std::vector<std::string> ids;
  for (const OpenSource& source : sources) {
    const auto own = data::ReadHeddleJson(source.dataset->root());
    ids.push_back(own && own->seal ? own->seal->Id() : data::DatasetFingerprint(source.dataset->root()));
  }
  return ids;
}

}  // namespace

BoundSheet PrepareSheet(const Sheet& sheet, const WindowChoice& choice, std::optional<double> w,
                        std::optional<double> tau) {
  const std::vector<OpenSource> sources = OpenSources(sheet);
  SheetLayout layout = LayoutOf(sheet, sources, choice.numbers);
  BoundSheet bound;
  bound.mixture.layout = {layout.numbers, choice.cameras, WindowOf(choice, layout, ControlHz(sheet, sources))};
  bound.mixture.layout.Check();
  bound.features = layout.features;
  for (size_t i = 0; i < sources.size(); ++i) {
    bound.mixture.sources.push_back(SourceOf(sheet, sources[i], choice.cameras, std::move(layout.maps[i])));
  }
  RequireCameras(choice.cameras, sources, bound.mixture);
  SetTarget(sheet, sources, bound);
  for (size_t i = 0; i < sources.size(); ++i) {
    bound.sizes.push_back(MeasureSource(sheet, sources[i], bound.mixture.sources[i], bound.mixture.layout));
  }
  bound.weights = WeighSources(sheet, bound.sizes, w, tau.value_or(sheet.tau));
  bound.w = bound.weights.w;
  for (size_t i = 0; i < sources.size(); ++i) bound.mixture.sources[i].weight = bound.weights.weights[i];
  bound.dataset_ids = DatasetIds(sources);
  bound.hash = Sha256Hex(CanonicalJson({{"sheet", HashOf(sheet)}, {"datasets", bound.dataset_ids}}));
  return bound;
}

BoundSheet BindSheet(const Sheet& sheet, const WindowChoice& choice, std::optional<double> w,
                     std::optional<double> tau) {
  BoundSheet bound = PrepareSheet(sheet, choice, w, tau);
  bound.terms = TermsOf(sheet);
  for (const SheetFinding& finding : ReviewTerms(sheet)) {
    if (finding.level == FindingLevel::kRefused) ThrowUsage(finding.what, finding.place, finding.mend);
    if (finding.level == FindingLevel::kWarning) bound.warnings.push_back(finding.place + ": " + finding.what);
  }
  bound.statistics = PoolStatistics(bound.mixture);
  return bound;
}

std::vector<WeightStage> StagesOf(const Sheet& sheet, const BoundSheet& bound, const std::vector<ShareStage>& shares,
                                  std::optional<double> tau) {
  std::vector<WeightStage> stages;
  for (const ShareStage& share : shares) {
    const SheetWeights weights = WeighSources(sheet, bound.sizes, share.w, tau.value_or(sheet.tau));
    stages.push_back({share.first_step, weights.weights});
  }
  return stages;
}

}  // namespace heddle::mixture
