#include "heddle/toy/fields.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "heddle/toy/optimum_samples.h"
#include "heddle/toy/sweep.h"

namespace heddle::toy {
namespace {

constexpr int kSide = 11;

void ScaleToLargest(std::vector<float>& arrows) {
  float largest = 0;
  for (std::size_t i = 0; i < arrows.size(); i += 2) largest = std::max(largest, std::hypot(arrows[i], arrows[i + 1]));
  if (largest == 0) return;
  for (float& value : arrows) value /= largest;
}

// Noised outputs on the axes, as [kSide * kSide, 2].
at::Tensor PlaneOf(const FieldAxes& axes) {
  at::Tensor plane = at::empty({kSide * kSide, 2}, at::kFloat);
  float* p = plane.data_ptr<float>();
  for (const float v : axes.v) {
    for (const float u : axes.u) {
      *p++ = u;
      *p++ = v;
    }
  }
  return plane;
}

std::vector<float> NetScore(const Sweep& sweep, const NetKey& key, const float* xy, const at::Tensor& noised, int t,
                            nn::MlpWorker& worker) {
  const int count = int(noised.size(0));
  const float z = float(sweep.delta_z_of(key));
  for (int i = 0; i < count; ++i) {
    sweep.denoiser().FillRow(worker.input_row(i), xy, z, noised.const_data_ptr<float>() + 2 * i, t);
  }
  worker.Forward(sweep.parameters(key), count);
  std::vector<float> score(worker.outputs(count).begin(), worker.outputs(count).end());
  for (float& value : score) value = -value;  // the score is -ε/σ_t; its length is scaled away
  return score;
}

}  // namespace

FieldAxes MakeFieldAxes() {
  FieldAxes axes;
  for (int i = 0; i < kSide; ++i) {
    axes.u.push_back(-4.0f + 10.0f * float(i) / (kSide - 1));
    axes.v.push_back(-4.0f + 9.0f * float(i) / (kSide - 1));
  }
  return axes;
}

std::vector<FieldsAtPoint> MakeFields(const Sweep& sweep, const NetKey& key) {
  const at::Tensor plane = PlaneOf(MakeFieldAxes());
  nn::MlpWorker worker(nn::MlpLayout(sweep.denoiser().shape()), kSide * kSide);
  const float covered_to = float(sweep.options().covered);
  std::vector<FieldsAtPoint> points = {{{covered_to / 2, 0.5f}, true, {}}, {{(1 + covered_to) / 2, 0.5f}, false, {}}};
  for (FieldsAtPoint& point : points) {
    std::vector<float> xyz;
    for (int i = 0; i < kSide * kSide; ++i) {
      xyz.insert(xyz.end(), {point.xy[0], point.xy[1], float(sweep.delta_z_of(key))});
    }
    const theory::Optimum optimum =
        MakeOptimum(sweep.world(key.seed), sweep.delta_z_of(key), sweep.w_of(key), sweep.kernel_width(key.seed), xyz);
    for (const double signal : {0.01, 0.1, 0.5, 0.9}) {
      const int t = sweep.denoiser().LevelNearSignal(signal);
      const theory::NoiseLevel& level = sweep.denoiser().levels()[std::size_t(t)];
      const at::Tensor score = optimum.Score(plane, level).contiguous();
      Field field{level.signal(),
                  NetScore(sweep, key, point.xy, plane, t, worker),
                  {score.const_data_ptr<float>(), score.const_data_ptr<float>() + score.numel()}};
      ScaleToLargest(field.net);
      ScaleToLargest(field.optimum);
      point.levels.push_back(std::move(field));
    }
  }
  return points;
}

}  // namespace heddle::toy
