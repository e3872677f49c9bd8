#include "heddle/mixture/resample.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "heddle/core/check.h"

namespace heddle::mixture {
namespace {

// The columns of one slot in rows of `row_size` numbers.
struct Columns {
  std::span<const float> values;
  int64_t row_size, first, size;

  double At(int64_t row, int64_t i) const { return values[static_cast<size_t>(row * row_size + first + i)]; }
  int64_t rows() const { return static_cast<int64_t>(values.size()) / row_size; }
};

struct Place {
  int64_t row, next;
  double fraction;
};

Place PlaceOf(const Timeline& timeline, int64_t frame, int64_t rows) {
  const double position = timeline.PositionOf(frame);
  const int64_t row = std::min(static_cast<int64_t>(position), rows - 1);
  return {row, std::min(row + 1, rows - 1), position - static_cast<double>(row)};
}

void Interpolate(const Columns& in, const Place& at, float* out) {
  for (int64_t i = 0; i < in.size; ++i) {
    const double value =
        at.fraction == 0 ? in.At(at.row, i) : (1 - at.fraction) * in.At(at.row, i) + at.fraction * in.At(at.next, i);
    out[i] = static_cast<float>(value);
  }
}

void InterpolateOnSphere(const Columns& in, const Place& at, float* out) {
  std::array<double, 4> from, to;
  double dot = 0, from_norm = 0, to_norm = 0;
  for (size_t i = 0; i < 4; ++i) {
    from[i] = in.At(at.row, static_cast<int64_t>(i));
    to[i] = in.At(at.next, static_cast<int64_t>(i));
    dot += from[i] * to[i];
    from_norm += from[i] * from[i];
    to_norm += to[i] * to[i];
  }
  const double cosine = std::min(1.0, std::abs(dot) / std::sqrt(from_norm * to_norm));
  const double angle = std::acos(cosine);
  // Where the two are all but the same, the chord is the arc.
  const bool near = !(angle > 1e-6);
  const double from_weight = (near ? 1 - at.fraction : std::sin((1 - at.fraction) * angle)) / std::sqrt(from_norm);
  const double to_weight =
      (near ? at.fraction : std::sin(at.fraction * angle)) / std::sqrt(to_norm) * (dot < 0 ? -1 : 1);
  std::array<double, 4> sum;
  double norm = 0;
  for (size_t i = 0; i < 4; ++i) {
    sum[i] = from_weight * from[i] + to_weight * to[i];
    norm += sum[i] * sum[i];
  }
  for (size_t i = 0; i < 4; ++i) out[i] = static_cast<float>(sum[i] / std::sqrt(norm));
}

// Per column the running sums C(0) .. C(rows), as one list of rows + 1.
std::vector<double> RunningSums(const Columns& in, int64_t column) {
  std::vector<double> sums(static_cast<size_t>(in.rows()) + 1);
  for (int64_t row = 0; row < in.rows(); ++row) {
    sums[static_cast<size_t>(row) + 1] = sums[static_cast<size_t>(row)] + in.At(row, column);
  }
  return sums;
}

double LineThrough(const std::vector<double>& sums, double position) {
  const auto last = static_cast<double>(sums.size() - 1);
  if (position >= last) return sums.back();
  const auto i = static_cast<size_t>(position);
  return sums[i] + (position - static_cast<double>(i)) * (sums[i + 1] - sums[i]);
}

void SumOverSteps(const Columns& in, const Timeline& timeline, int64_t row_size, std::span<float> out) {
  const auto frames = static_cast<int64_t>(out.size()) / row_size;
  for (int64_t column = 0; column < in.size; ++column) {
    const std::vector<double> sums = RunningSums(in, column);
    double before = LineThrough(sums, timeline.PositionOf(0));
    for (int64_t frame = 0; frame < frames; ++frame) {
      const double after = LineThrough(sums, timeline.PositionOf(frame + 1));
      out[static_cast<size_t>(frame * row_size + in.first + column)] = static_cast<float>(after - before);
      before = after;
    }
  }
}

void ResampleFrame(const Columns& in, Meaning meaning, const Place& at, float* out) {
  switch (meaning) {
    case Meaning::kAbsolute: return Interpolate(in, at, out);
    case Meaning::kQuaternionXyzw:
    case Meaning::kQuaternionWxyz: return InterpolateOnSphere(in, at, out);
    case Meaning::kHeld: return Interpolate(in, {at.row, at.row, 0}, out);
    case Meaning::kDelta:
    case Meaning::kUnknown: break;
  }
  HEDDLE_DEMAND(false);  // deltas and unknowns do not come here
}

}  // namespace

std::vector<float> Resample(std::span<const float> values_LD, const NumericLayout& feature, const Timeline& timeline) {
  HEDDLE_DEMAND(!timeline.same_rate());
  const int64_t row_size = feature.size(), rows = static_cast<int64_t>(values_LD.size()) / row_size;
  const int64_t frames = timeline.LengthOf(rows);
  std::vector<float> out(static_cast<size_t>(frames * row_size));
  Columns columns{values_LD, row_size, 0, 0};
  for (const Slot& slot : feature.slots) {
    columns.size = slot.size;
    if (slot.meaning == Meaning::kDelta) {
      SumOverSteps(columns, timeline, row_size, out);
    } else {
      for (int64_t frame = 0; frame < frames; ++frame) {
        float* to = out.data() + frame * row_size + columns.first;
        ResampleFrame(columns, slot.meaning, PlaceOf(timeline, frame, rows), to);
      }
    }
    columns.first += slot.size;
  }
  return out;
}

}  // namespace heddle::mixture
