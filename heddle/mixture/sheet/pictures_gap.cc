#include "heddle/mixture/sheet/pictures_gap.h"

#include "heddle/data/pictures.h"
#include "heddle/mixture/resize.h"
#include "heddle/mixture/sheet/picture_features.h"
#include "heddle/mixture/sheet/review_report.h"

namespace heddle::mixture {
namespace {

// The dataset's camera of a name of the target's; empty where there is none.
std::string CameraOf(const Source& of, const SheetSource& sheet, const std::string& name) {
  const auto mapped = sheet.map.cameras.find(name);
  if (mapped != sheet.map.cameras.end()) return mapped->second.value_or("");
  return of.dataset->info().Find(name) != nullptr ? name : "";
}

FeatureSet Look(const Source& of, const std::string& camera, const PictureEncoder& encoder,
                const GapProbeOptions& options) {
  data::PictureReader reader(*of.dataset);
  const data::Feature& feature = of.dataset->info().Require(camera);
  const CameraLayout small{camera, encoder.side(), encoder.side(), Fit::kStretch};
  const Resizer resize(feature.height, feature.width, small);
  std::vector<uint8_t> picture(static_cast<size_t>(encoder.side() * encoder.side() * 3));
  std::vector<int16_t> scratch;
  FeatureSet set;
  for (const int64_t episode : Spread(SelectEpisodes(of, EpisodeSet::kTraining), options.episodes)) {
    set.episodes.emplace_back();
    const int64_t length = of.dataset->episode(episode).length, pictures = std::min(length, options.pictures);
    for (int64_t i = 0; i < pictures; ++i) {
      const contract::Array pixels = reader.Read(camera, episode, (2 * i + 1) * length / (2 * pictures));
      resize(pixels.Values<uint8_t>(), picture, scratch);
      set.episodes.back().push_back(encoder(picture));
    }
  }
  return set;
}

}  // namespace

GapMeasure MeasurePictures(const Source& target, const Source& source, const SheetSource& sheet,
                           const GapProbeOptions& options) {
  const auto given = options.encoder ? options.encoder : std::make_shared<PictureFeatures>();
  const PictureEncoder& encoder = *given;
  GapMeasure visual{GapAxis::kVisual, {}, {}, "no camera of one name on both sides"};
  for (const std::string& name : target.dataset->info().Cameras()) {
    const data::Feature& feature = target.dataset->info().Require(name);
    const std::string other = CameraOf(source, sheet, name);
    if (feature.depth || feature.channels != 3 || other.empty()) continue;
    if (source.dataset->info().Require(other).channels != 3) continue;
    const std::vector<uint8_t> grey(static_cast<size_t>(encoder.side() * encoder.side() * 3), 128);
    visual.value =
        FeatureDistance(Look(target, name, encoder, options), Look(source, other, encoder, options), encoder(grey));
    visual.level = LevelOf(*visual.value, kSmallVisual, kLargeVisual);
    visual.how = encoder.name() + " of " + name + " are " + ShortNumber(*visual.value) +
                 " apart (0: the same, 2 or more: nothing in common)";
    return visual;
  }
  return visual;
}

}  // namespace heddle::mixture
