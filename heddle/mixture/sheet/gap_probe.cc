#include "heddle/mixture/sheet/gap_probe.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "heddle/data/pictures.h"
#include "heddle/mixture/bound_source.h"
#include "heddle/mixture/resize.h"
#include "heddle/mixture/row_store.h"
#include "heddle/mixture/sheet/picture_features.h"
#include "heddle/mixture/sheet/review_report.h"
#include "heddle/mixture/sheet/ridge.h"

namespace heddle::mixture {
namespace {

constexpr size_t kFewestEpisodes = 4;  // two for each half
const char* const kFewEpisodes = "too few training episodes with actions on one side";

std::string Times(double ratio) {
  char text[48];
  std::snprintf(text, sizeof text, "%.2f times", ratio);
  return text;
}

GapLevel LevelOf(double value, double small, double large) {
  return value >= large ? GapLevel::kLarge : value >= small ? GapLevel::kSmall : GapLevel::kNone;
}

std::vector<int64_t> Spread(const std::vector<int64_t>& episodes, int64_t most) {
  const auto count = static_cast<int64_t>(episodes.size());
  const int64_t chosen = std::min(count, most);
  std::vector<int64_t> spread;
  for (int64_t i = 0; i < chosen; ++i)
    spread.push_back(episodes[static_cast<size_t>((2 * i + 1) * count / (2 * chosen))]);
  return spread;
}

// The features of the layout that a source observes, and the one that it acts with.
struct Columns {
  std::vector<size_t> observations;
  std::optional<size_t> state, action;
};

bool IsWhole(const BoundSource& source, size_t feature) {
  const auto& present = source.rows[feature].is_present();
  return std::ranges::all_of(present, [](uint8_t flag) { return flag != 0; });
}

// What both have, whole.
Columns CommonColumns(const BoundSheet& bound, const BoundSource& a, const BoundSource& b) {
  Columns columns;
  for (size_t i = 0; i < bound.features.size(); ++i) {
    if (!IsWhole(a, i) || !IsWhole(b, i)) continue;
    if (bound.features[i].is_action) {
      columns.action = i;
    } else {
      columns.observations.push_back(i);
      if (bound.features[i].feature == "observation.state") columns.state = i;
    }
  }
  return columns;
}

enum class Question { kNextState, kAction };

constexpr int64_t kHistory = 2;  // rows before the one that is asked about

// Row by row of one episode.
class RowReader {
 public:
  RowReader(const EpisodeRows& episode, const Layout& layout) : episode_(episode), layout_(layout) {}

  std::vector<double> At(size_t feature, int64_t row) const {
    const auto size = layout_.numbers[feature].size();
    const float* from = episode_.values[feature].data() + row * size;
    return {from, from + size};
  }
  std::vector<double> Change(size_t feature, int64_t row) const {
    std::vector<double> change = At(feature, row + 1);
    const std::vector<double> now = At(feature, row);
    for (size_t i = 0; i < now.size(); ++i) change[i] -= now[i];
    return change;
  }
  int64_t length() const { return episode_.length; }

 private:
  const EpisodeRows& episode_;
  const Layout& layout_;
};

RegressionRows RowsOf(const RowReader& reader, const Columns& columns, Question question) {
  RegressionRows rows;
  const auto append = [](const std::vector<double>& from, std::vector<double>& to) {
    to.insert(to.end(), from.begin(), from.end());
  };
  for (int64_t row = kHistory; row + 1 < reader.length(); ++row) {
    if (question == Question::kNextState) {
      append(reader.At(*columns.state, row), rows.x);
      append(reader.Change(*columns.state, row - 1), rows.x);
      for (int64_t back = 0; back <= kHistory; ++back) append(reader.At(*columns.action, row - back), rows.x);
      append(reader.Change(*columns.state, row), rows.y);
    } else {
      for (const size_t feature : columns.observations) append(reader.At(feature, row), rows.x);
      append(reader.At(*columns.action, row), rows.y);
    }
    if (row > kHistory) continue;
    rows.inputs = static_cast<int64_t>(rows.x.size());
    rows.outputs = static_cast<int64_t>(rows.y.size());
  }
  return rows;
}

// Rows of whole episodes in two halves, every other episode in each.
struct Halves {
  RegressionRows half[2];

  int64_t least() const { return std::min(half[0].rows(), half[1].rows()); }
};

Halves HalvesOf(const BoundSource& source, const BoundSheet& bound, const Columns& columns, Question question,
                int64_t most_rows) {
  const Vocabulary vocabulary(bound.mixture.sources);
  const std::vector<int64_t> all = SelectEpisodes(*source.source, EpisodeSet::kTraining);
  Halves halves;
  size_t i = 0;
  // Spread over the dataset, in case its episodes change along it.
  for (const int64_t episode : Spread(all, 64)) {
    RegressionRows& half = halves.half[i++ % 2];
    if (half.rows() >= most_rows) continue;
    const EpisodeRows rows = ReadEpisodeRows(source, bound.mixture.layout, vocabulary, episode);
    if (rows.length < kHistory + 2) continue;
    RegressionRows own = RowsOf(RowReader(rows, bound.mixture.layout), columns, question);
    if (half.inputs == 0) {
      half = std::move(own);
    } else {
      half.Append(own);
    }
  }
  return halves;
}

RegressionRows FirstRows(const RegressionRows& rows, int64_t count) {
  RegressionRows first = rows;
  first.x.resize(static_cast<size_t>(count * rows.inputs));
  first.y.resize(static_cast<size_t>(count * rows.outputs));
  return first;
}

// The squared error on the target of models fitted on the source, as a multiple of that of models fitted on the target.
double ErrorRatio(const Halves& target, const Halves& source) {
  const int64_t rows = std::min(target.least(), source.least());
  double foreign = 0, own = 0;
  for (const size_t test : {0, 1}) {
    const std::vector<double> scale = OutputScales(target.half[test]);
    own += RidgeModel(FirstRows(target.half[1 - test], rows)).ErrorOn(target.half[test], scale);
    for (const RegressionRows& half : source.half) {
      foreign += RidgeModel(FirstRows(half, rows)).ErrorOn(target.half[test], scale) / 2;
    }
  }
  return foreign == own ? 1 : foreign / std::max(own, 1e-12);
}

double Median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

// Of a feature's dimensions: their noise, and their variance.
struct Noise {
  std::vector<double> noise, variance;
};

Noise NoiseOf(const BoundSource& source, const BoundSheet& bound, size_t feature) {
  const Vocabulary vocabulary(bound.mixture.sources);
  const auto dims = static_cast<size_t>(bound.mixture.layout.numbers[feature].size());
  std::vector<std::vector<double>> bends(dims), values(dims);
  for (const int64_t episode : Spread(SelectEpisodes(*source.source, EpisodeSet::kTraining), 16)) {
    const EpisodeRows rows = ReadEpisodeRows(source, bound.mixture.layout, vocabulary, episode);
    const RowReader reader(rows, bound.mixture.layout);
    for (int64_t row = 1; row + 1 < rows.length; ++row) {
      const std::vector<double> before = reader.Change(feature, row - 1), after = reader.Change(feature, row);
      const std::vector<double> now = reader.At(feature, row);
      for (size_t i = 0; i < dims; ++i) {
        bends[i].push_back(std::abs(after[i] - before[i]));
        values[i].push_back(now[i]);
      }
    }
  }
  Noise noise;
  for (size_t i = 0; i < dims; ++i) {
    const auto count = static_cast<double>(values[i].size());
    double mean = 0, squares = 0;
    for (const double value : values[i]) mean += value / count;
    for (const double value : values[i]) squares += (value - mean) * (value - mean) / count;
    // The median of |normal| is 0.6745 of its deviation.
    noise.noise.push_back(bends[i].empty() ? 0 : Median(bends[i]) / (0.6745 * std::sqrt(6)));
    noise.variance.push_back(squares);
  }
  return noise;
}

class Prober {
 public:
  Prober(const Sheet& sheet, const BoundSheet& bound, size_t source, const GapProbeOptions& options)
      : sheet_(sheet), bound_(bound), options_(options), index_(source) {
    target_ = TargetIndex();
  }

  std::vector<GapMeasure> All() const {
    GapMeasure visual = Visual(), physics{GapAxis::kPhysics, {}, {}, ""}, perception{GapAxis::kPerception, {}, {}, ""};
    Numbers(physics, perception);
    return {visual, physics, perception, Embodiment()};
  }

 private:
  const Source& source() const { return bound_.mixture.sources[index_]; }
  const Source& target() const { return bound_.mixture.sources[target_]; }

  // The target's source with the most training windows.
  size_t TargetIndex() const {
    size_t best = bound_.sizes.size();
    for (size_t i = 0; i < bound_.sizes.size(); ++i) {
      if (sheet_.sources[i].domain != sheet_.target) continue;
      if (best == bound_.sizes.size() || bound_.sizes[i].windows > bound_.sizes[best].windows) best = i;
    }
    return best;
  }

  GapMeasure Embodiment() const {
    const std::string &one = sheet_.sources[target_].embodiment, &other = sheet_.sources[index_].embodiment;
    const bool same = one == other;
    return {GapAxis::kEmbodiment, same ? 0.0 : 1.0, same ? GapLevel::kNone : GapLevel::kLarge,
            same ? "the same body, " + one : other + " acts, not " + one};
  }

  void Numbers(GapMeasure& physics, GapMeasure& perception) const {
    physics.how = perception.how = "no actions and states of the same body on both sides";
    const BoundSource a(target(), bound_.mixture.layout), b(source(), bound_.mixture.layout);
    const Columns columns = CommonColumns(bound_, a, b);
    if (!columns.action || !columns.state) return;
    physics.how = perception.how = kFewEpisodes;
    for (const Source* each : {&target(), &source()}) {
      if (SelectEpisodes(*each, EpisodeSet::kTraining).size() < kFewestEpisodes) return;
    }
    const auto ratio = [&](Question question) {
      return ErrorRatio(HalvesOf(a, bound_, columns, question, options_.regression_rows),
                        HalvesOf(b, bound_, columns, question, options_.regression_rows));
    };
    const double next = ratio(Question::kNextState), action = ratio(Question::kAction);
    physics.value = next;
    physics.level = LevelOf(next, kSmallRatio, kLargeRatio);
    physics.how = "a linear model of the source's next state errs " + Times(next) + " as much on the target as its own";
    perception.value = action / std::max(1.0, next);
    const double noise = NoiseApart(a, b, columns);
    perception.level =
        std::max(LevelOf(*perception.value, kSmallRatio, kLargeRatio), LevelOf(noise, kSmallNoise, kLargeNoise));
    perception.how = "a linear model of the source's action errs " + Times(*perception.value) +
                     " as much, beyond the next state's; noise differs by " + ShortNumber(noise) +
                     " of what is observed";
  }

  // Of observations beside the state: the largest, over features, of the mean over dimensions of how much noisier one
  // side is, in shares of the spread.
  double NoiseApart(const BoundSource& a, const BoundSource& b, const Columns& columns) const {
    double largest = 0;
    for (const size_t feature : columns.observations) {
      if (feature == *columns.state) continue;
      const Noise one = NoiseOf(a, bound_, feature), other = NoiseOf(b, bound_, feature);
      double sum = 0;
      for (size_t i = 0; i < one.noise.size(); ++i) {
        const double spread = std::sqrt((one.variance[i] + other.variance[i]) / 2);
        if (spread > 0) sum += std::abs(one.noise[i] - other.noise[i]) / spread;
      }
      largest = std::max(largest, sum / static_cast<double>(one.noise.size()));
    }
    return largest;
  }

  // The dataset's camera of a name of the target's; empty where there is none.
  std::string CameraOf(const Source& of, const SheetSource& sheet, const std::string& name) const {
    const auto mapped = sheet.map.cameras.find(name);
    if (mapped != sheet.map.cameras.end()) return mapped->second.value_or("");
    return of.dataset->info().Find(name) != nullptr ? name : "";
  }

  GapMeasure Visual() const {
    GapMeasure visual{GapAxis::kVisual, {}, {}, "no camera of one name on both sides"};
    for (const std::string& name : target().dataset->info().Cameras()) {
      const data::Feature& feature = target().dataset->info().Require(name);
      const std::string other = CameraOf(source(), sheet_.sources[index_], name);
      if (feature.depth || feature.channels != 3 || other.empty()) continue;
      if (source().dataset->info().Require(other).channels != 3) continue;
      visual.value = FeatureDistance(Look(target(), name), Look(source(), other), Grey());
      visual.level = LevelOf(*visual.value, kSmallVisual, kLargeVisual);
      visual.how = "random features of " + name + " are " + ShortNumber(*visual.value) +
                   " apart (0: the same, 2: nothing in common)";
      return visual;
    }
    return visual;
  }

  static std::vector<double> Grey() {
    return PictureFeatures()(std::vector<uint8_t>(PictureFeatures::kSide * PictureFeatures::kSide * 3, 128));
  }

  FeatureSet Look(const Source& of, const std::string& camera) const {
    const PictureFeatures features;
    data::PictureReader reader(*of.dataset);
    const data::Feature& feature = of.dataset->info().Require(camera);
    const CameraLayout small{camera, PictureFeatures::kSide, PictureFeatures::kSide, Fit::kStretch};
    const Resizer resize(feature.height, feature.width, small);
    std::vector<uint8_t> picture(PictureFeatures::kSide * PictureFeatures::kSide * 3);
    std::vector<int16_t> scratch;
    FeatureSet set;
    for (const int64_t episode : Spread(SelectEpisodes(of, EpisodeSet::kTraining), options_.episodes)) {
      set.episodes.emplace_back();
      const int64_t length = of.dataset->episode(episode).length, pictures = std::min(length, options_.pictures);
      for (int64_t i = 0; i < pictures; ++i) {
        const contract::Array pixels = reader.Read(camera, episode, (2 * i + 1) * length / (2 * pictures));
        resize(pixels.Values<uint8_t>(), picture, scratch);
        set.episodes.back().push_back(features(picture));
      }
    }
    return set;
  }

  const Sheet& sheet_;
  const BoundSheet& bound_;
  const GapProbeOptions& options_;
  size_t index_, target_ = 0;
};

}  // namespace

std::vector<GapMeasure> ProbeGap(const Sheet& sheet, const BoundSheet& bound, size_t source,
                                 const GapProbeOptions& options) {
  return Prober(sheet, bound, source, options).All();
}

}  // namespace heddle::mixture
