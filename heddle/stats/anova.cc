#include "heddle/stats/anova.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/stats/distributions.h"

namespace heddle::stats {
namespace {

// The values with their sizes, and means over any of the three indices.
class Cube {
 public:
  Cube(std::span<const double> values, int64_t rows, int64_t columns, int64_t blocks)
      : values_(values), rows_(rows), columns_(columns), blocks_(blocks) {
    HEDDLE_DEMAND(rows >= 2 && columns >= 2 && blocks >= 1);
    HEDDLE_DEMAND(static_cast<int64_t>(values.size()) == rows * columns * blocks);
    row_.resize(rows), column_.resize(columns), block_.resize(blocks), cell_.resize(rows * columns);
    // The first value is subtracted throughout, as sums of squares do not depend on the origin and small numbers keep
    // their digits.
    ForEach([&](int64_t r, int64_t c, int64_t b, double value) {
      if (!std::isfinite(value)) {
        ThrowInput("a value of the analysis of variance is " + std::to_string(value),
                   "row " + std::to_string(r) + ", column " + std::to_string(c) + ", block " + std::to_string(b));
      }
      const double shifted = value - values_[0];
      mean_ += shifted / Count(rows_ * columns_ * blocks_);
      row_[r] += shifted / Count(columns_ * blocks_);
      column_[c] += shifted / Count(rows_ * blocks_);
      block_[b] += shifted / Count(rows_ * columns_);
      cell_[r * columns_ + c] += shifted / Count(blocks_);
    });
  }

  Anova SumsOfSquares() const {
    Anova anova;
    ForEach([&](int64_t r, int64_t c, int64_t b, double value) {
      const double row = row_[r] - mean_, column = column_[c] - mean_, block = block_[b] - mean_;
      const double interaction = cell_[r * columns_ + c] - mean_ - row - column;
      const double all = value - values_[0] - mean_;
      const double residual = all - row - column - interaction - block;
      anova.row.sum_of_squares += row * row;
      anova.column.sum_of_squares += column * column;
      anova.interaction.sum_of_squares += interaction * interaction;
      anova.block.sum_of_squares += block * block;
      anova.residual.sum_of_squares += residual * residual;
      anova.total += all * all;
    });
    anova.row.degrees = rows_ - 1;
    anova.column.degrees = columns_ - 1;
    anova.interaction.degrees = (rows_ - 1) * (columns_ - 1);
    anova.block.degrees = blocks_ - 1;
    anova.residual.degrees = (rows_ * columns_ - 1) * (blocks_ - 1);
    return anova;
  }

 private:
  static double Count(int64_t n) { return static_cast<double>(n); }

  template <class Use>
  void ForEach(const Use& use) const {
    size_t k = 0;
    for (int64_t r = 0; r < rows_; ++r) {
      for (int64_t c = 0; c < columns_; ++c) {
        for (int64_t b = 0; b < blocks_; ++b) use(r, c, b, values_[k++]);
      }
    }
  }

  std::span<const double> values_;
  int64_t rows_, columns_, blocks_;
  double mean_ = 0;
  std::vector<double> row_, column_, block_, cell_;
};

// A noncentral chi-square of this mean (in units of σ²) and these degrees has the mean and variance of a multiple of a
// chi-square with so many degrees: (n + λ)²/(n + 2λ), λ = mean - n.
double MatchedDegrees(double mean, double degrees) {
  const double noncentral = std::max(mean - degrees, 0.0);
  return (degrees + noncentral) * (degrees + noncentral) / (degrees + 2 * noncentral);
}

// The share for which a ratio SS_x/SS_rest as large as the observed one has probability `tail`, where matched(ratio)
// are the degrees above the line when the ratio of means is `ratio`.
template <class Matched>
double ShareAtTail(double observed, double tail, double degrees_below, const Matched& matched) {
  if (observed == 0) return 0;
  // FTail falls from 1 to 0 as its first argument grows, so in x = ln(ratio) this is a rising step to bisect.
  const auto exceeds = [&](double x) {
    return FTail(observed / std::exp(x), matched(std::exp(x)), degrees_below) > tail;
  };
  double low = std::log(observed), high = low;
  for (double step = 1; exceeds(low); step *= 2) low -= step;
  for (double step = 1; !exceeds(high); step *= 2) high += step;
  for (int k = 0; k < 60; ++k) {
    const double middle = (low + high) / 2;
    (exceeds(middle) ? high : low) = middle;
  }
  const double ratio = std::exp((low + high) / 2);
  return ratio / (1 + ratio);
}

Interval ShareInterval(const AnovaComponent& component, const Anova& anova, bool is_residual) {
  const auto degrees = static_cast<double>(component.degrees);
  const auto all_degrees = static_cast<double>(anova.row.degrees + anova.column.degrees + anova.interaction.degrees +
                                               anova.block.degrees + anova.residual.degrees);
  const double variance = anova.residual.sum_of_squares / static_cast<double>(anova.residual.degrees);
  const double rest = anova.total - component.sum_of_squares;
  const double rest_mean = rest / variance;
  const double rest_degrees = MatchedDegrees(rest_mean, all_degrees - degrees);
  // The residual is central by definition, whatever its share.
  const auto matched = [&](double ratio) { return is_residual ? degrees : MatchedDegrees(ratio * rest_mean, degrees); };
  const double observed = component.sum_of_squares / rest;
  return {ShareAtTail(observed, 0.025, rest_degrees, matched), ShareAtTail(observed, 0.975, rest_degrees, matched)};
}

void AddTest(AnovaComponent& component, const AnovaComponent& residual) {
  component.f = component.sum_of_squares / static_cast<double>(component.degrees) /
                (residual.sum_of_squares / static_cast<double>(residual.degrees));
  component.p = FTail(*component.f, static_cast<double>(component.degrees), static_cast<double>(residual.degrees));
}

double ShareOfThree(const Anova& anova, const AnovaComponent& component) {
  return component.sum_of_squares /
         (anova.row.sum_of_squares + anova.column.sum_of_squares + anova.interaction.sum_of_squares);
}

}  // namespace

double Anova::row_share_of_means() const { return ShareOfThree(*this, row); }
double Anova::column_share_of_means() const { return ShareOfThree(*this, column); }
double Anova::interaction_share_of_means() const { return ShareOfThree(*this, interaction); }

Anova TwoWayAnova(std::span<const double> values, int64_t rows, int64_t columns, int64_t blocks) {
  Anova anova = Cube(values, rows, columns, blocks).SumsOfSquares();
  if (!(anova.total > 0)) ThrowInput("all values of the analysis of variance are equal");
  AnovaComponent* const components[] = {&anova.row, &anova.column, &anova.interaction, &anova.block, &anova.residual};
  for (AnovaComponent* component : components) component->share = component->sum_of_squares / anova.total;
  if (blocks == 1) return anova;

  if (!(anova.residual.share > 1e-14)) {
    ThrowInput("the blocks of the analysis of variance do not differ", "", "give replicates with seeds of their own");
  }
  for (AnovaComponent* component : components) {
    const bool is_residual = component == &anova.residual;
    if (!is_residual) AddTest(*component, anova.residual);
    component->interval = ShareInterval(*component, anova, is_residual);
  }
  return anova;
}

}  // namespace heddle::stats
