#include "heddle/toy/world.h"

#include <cmath>
#include <numbers>

namespace heddle::toy {
namespace {

using Output = std::array<double, 2> (*)(double, double);

void Append(std::vector<float>& to, const std::array<double, 2>& point) {
  to.push_back(static_cast<float>(point[0]));
  to.push_back(static_cast<float>(point[1]));
}

Points Draw(std::int64_t count, double x_end, Output output, RandomStream random) {
  Points points;
  for (std::int64_t i = 0; i < count; ++i) {
    const double x = x_end * random.Uniform(), y = random.Uniform();
    Append(points.xy, {x, y});
    Append(points.out, output(x, y));
  }
  return points;
}

}  // namespace

std::array<double, 2> SourceOutput(double x, double y) {
  const double theta = 3 * std::numbers::pi * x, r = 0.2 + 0.7 * x + 0.2 * (y - 0.5);
  return {3 * r * std::cos(theta), 3 * r * std::sin(theta)};
}

std::array<double, 2> TargetOutput(double x, double y) {
  const auto [u, v] = SourceOutput(x, y);
  const double c = std::numbers::sqrt2 / 2;
  return {c * (u - v) + 3, c * (u + v) + 1.5};
}

World DrawWorld(std::int64_t source, std::int64_t target, double covered, const RandomStream& random) {
  return {Draw(source, 1.0, SourceOutput, random.Split("source")),
          Draw(target, covered, TargetOutput, random.Split("target"))};
}

EvaluationGrid MakeGrid(const ToyOptions& options) {
  EvaluationGrid grid;
  grid.side = static_cast<int>(options.grid_side);
  for (int row = 0; row < grid.side; ++row) {
    for (int column = 0; column < grid.side; ++column) {
      const double x = (column + 0.5) / grid.side, y = (row + 0.5) / grid.side;
      Append(grid.xy, {x, y});
      Append(grid.truth, TargetOutput(x, y));
      Append(grid.source_truth, SourceOutput(x, y));
      grid.covered.push_back(x <= options.covered);
    }
  }
  return grid;
}

}  // namespace heddle::toy
