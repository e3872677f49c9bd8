#include "heddle/nn/dit_forward.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>

#include "heddle/core/check.h"
#include "heddle/core/parallel.h"
#include "heddle/tensor/views.h"

namespace heddle::nn {
namespace {

// Rows of modulations that are computed at once: enough that weights are not what takes the time.
constexpr int64_t kModulated = 64;
// Tokens that go through a layer together: what they leave between layers stays in the core's own cache.
constexpr int64_t kTokens = 64;
// Multiplications of a call from which on a second thread is worth starting.
constexpr size_t kLarge = size_t{1} << 22;

}  // namespace

void DitForward::Begin(const at::Tensor& latent_BC, const at::Tensor& times_LF) {
  const at::NoGradGuard no_grad;
  latent_BC_ = latent_BC.contiguous();
  time_parts_LW_ = net_.TimePart(times_LF);
  modulations_LBM_.reset();
  is_packed_ = latent_BC_.is_cpu() && latent_BC_.scalar_type() == at::kFloat;
  if (is_packed_) packed_.Pack(net_);
}

at::Tensor DitForward::Clean(const at::Tensor& tokens_BTD, int64_t level) {
  const at::NoGradGuard no_grad;
  HEDDLE_DEMAND(latent_BC_.defined() && tokens_BTD.size(0) == latent_BC_.size(0));
  HEDDLE_DEMAND(level >= 0 && level < time_parts_LW_.size(0));
  const bool is_there =
      modulations_LBM_.defined() && level >= first_level_ && level < first_level_ + modulations_LBM_.size(0);
  if (!is_there) Modulate(level);
  const at::Tensor modulations_BM = modulations_LBM_[level - first_level_];
  return is_packed_ ? CleanPacked(tokens_BTD, modulations_BM) : net_.Clean(modulations_BM, tokens_BTD);
}

void DitForward::Modulate(int64_t level) {
  const int64_t rows = latent_BC_.size(0);
  const int64_t levels = std::clamp<int64_t>(kModulated / rows, 1, time_parts_LW_.size(0) - level);
  const at::Tensor times_LW = time_parts_LW_.narrow(0, level, levels);
  first_level_ = level;
  if (!is_packed_) {
    modulations_LBM_ = net_.Modulations(net_.LatentPart(latent_BC_).unsqueeze(0) + times_LW.unsqueeze(1));
    return;
  }
  modulations_LBM_ = at::empty({levels, rows, packed_.modulations()}, latent_BC_.options());
  packed_.Modulate(tensor::ViewOf<float>(latent_BC_).data(), static_cast<int>(rows),
                   tensor::ViewOf<float>(times_LW).data(), static_cast<int>(levels),
                   tensor::MutableViewOf<float>(modulations_LBM_).data());
}

at::Tensor DitForward::CleanPacked(const at::Tensor& tokens_BTD, const at::Tensor& modulations_BM) {
  const int64_t rows = tokens_BTD.size(0), tokens = packed_.tokens();
  const at::Tensor in_BTD = tokens_BTD.contiguous();
  at::Tensor out_BTD = at::empty_like(in_BTD);
  const auto in = tensor::ViewOf<float>(in_BTD), modulations = tensor::ViewOf<float>(modulations_BM);
  const auto out = tensor::MutableViewOf<float>(out_BTD);
  const bool is_large = static_cast<size_t>(rows * tokens) * packed_.multiplications() >= kLarge;
  const int64_t threads = is_large ? std::min<int64_t>(rows, at::get_num_threads()) : 1;
  const int64_t at_once = std::clamp<int64_t>(kTokens / tokens, 1, (rows + threads - 1) / threads);
  if (scratch_.size() != static_cast<size_t>(threads) || scratch_rows_ != at_once) {
    scratch_.assign(static_cast<size_t>(threads), packed_.MakeScratch(static_cast<int>(at_once)));
    scratch_rows_ = at_once;
  }
  const int64_t groups = (rows + at_once - 1) / at_once;
  ParallelFor(ThreadBudget(static_cast<int>(threads)), groups, [&](int64_t group, int worker) {
    const int64_t first = group * at_once;
    const auto of = [&](auto numbers) { return numbers.data() + first * static_cast<int64_t>(numbers.size()) / rows; };
    packed_.Clean({.count = static_cast<int>(std::min(at_once, rows - first)),
                   .noised = of(in),
                   .modulations = of(modulations),
                   .said = of(out)},
                  scratch_[static_cast<size_t>(worker)]);
  });
  return out_BTD;
}

}  // namespace heddle::nn
