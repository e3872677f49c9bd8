#include "heddle/mixture/sheet/numbers_gap.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "heddle/mixture/bound_source.h"
#include "heddle/mixture/row_store.h"
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

// The features of the layout that a source observes, and the one that it acts with.
struct SharedColumns {
  std::vector<size_t> observations;
  std::optional<size_t> state, action;
};

bool IsWhole(const BoundSource& source, size_t feature) {
  const auto& present = source.rows[feature].is_present();
  return std::ranges::all_of(present, [](uint8_t flag) { return flag != 0; });
}

// What both have, whole.
SharedColumns CommonColumns(const BoundSheet& bound, const BoundSource& a, const BoundSource& b) {
  SharedColumns columns;
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

RegressionRows RowsOf(const RowReader& reader, const SharedColumns& columns, Question question) {
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

Halves HalvesOf(const BoundSource& source, const BoundSheet& bound, const SharedColumns& columns, Question question,
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

// Of observations beside the state: the largest, over features, of the mean over dimensions of how much noisier one
// side is, in shares of the spread.
double NoiseApart(const BoundSheet& bound, const BoundSource& a, const BoundSource& b, const SharedColumns& columns) {
  double largest = 0;
  for (const size_t feature : columns.observations) {
    if (feature == *columns.state) continue;
    const Noise one = NoiseOf(a, bound, feature), other = NoiseOf(b, bound, feature);
    double sum = 0;
    for (size_t i = 0; i < one.noise.size(); ++i) {
      const double spread = std::sqrt((one.variance[i] + other.variance[i]) / 2);
      if (spread > 0) sum += std::abs(one.noise[i] - other.noise[i]) / spread;
    }
    largest = std::max(largest, sum / static_cast<double>(one.noise.size()));
  }
  return largest;
}

}  // namespace

NumbersGap MeasureNumbers(const BoundSheet& bound, const Source& target, const Source& source,
                          const GapProbeOptions& options) {
  NumbersGap gap{{GapAxis::kPhysics, {}, {}, ""}, {GapAxis::kPerception, {}, {}, ""}};
  auto& [physics, perception] = gap;
  physics.how = perception.how = "no actions and states of the same body on both sides";
  const BoundSource a(target, bound.mixture.layout), b(source, bound.mixture.layout);
  const SharedColumns columns = CommonColumns(bound, a, b);
  if (!columns.action || !columns.state) return gap;
  physics.how = perception.how = kFewEpisodes;
  for (const Source* each : {&target, &source}) {
    if (SelectEpisodes(*each, EpisodeSet::kTraining).size() < kFewestEpisodes) return gap;
  }
  const auto ratio = [&](Question question) {
    return ErrorRatio(HalvesOf(a, bound, columns, question, options.regression_rows),
                      HalvesOf(b, bound, columns, question, options.regression_rows));
  };
  const double next = ratio(Question::kNextState), action = ratio(Question::kAction);
  physics.value = next;
  physics.level = LevelOf(next, kSmallRatio, kLargeRatio);
  physics.how = "a linear model of the source's next state errs " + Times(next) + " as much on the target as its own";
  perception.value = action / std::max(1.0, next);
  const double noise = NoiseApart(bound, a, b, columns);
  perception.level =
      std::max(LevelOf(*perception.value, kSmallRatio, kLargeRatio), LevelOf(noise, kSmallNoise, kLargeNoise));
  perception.how = "a linear model of the source's action errs " + Times(*perception.value) +
                   " as much, beyond the next state's; noise differs by " + ShortNumber(noise) + " of what is observed";
  return gap;
}

}  // namespace heddle::mixture
