#include "heddle/nn/packed_dit.h"

#include <algorithm>

#include "heddle/nn/mlp_kernels.h"
#include "heddle/tensor/views.h"

namespace heddle::nn {
namespace {

const TokenKernels& Kernels() { return KernelsOfMachine().tokens; }

std::size_t PaddedRow(int columns) { return static_cast<std::size_t>(PaddedColumns(columns) + kRowPadding); }

}  // namespace

void PackedDit::Pack(const DiffusionTransformer& net) {
  from_latent_.Pack(net.from_latent_);
  modulation_.Pack(net.modulation_);
  from_tokens_.Pack(net.from_tokens_);
  out_.Pack(net.out_);
  blocks_.resize(net.blocks_.size());
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    const auto& [attention, forward] = net.blocks_[i];
    blocks_[i].queries_keys_values.Pack(attention.queries_keys_values());
    blocks_[i].out.Pack(attention.out());
    blocks_[i].first.Pack(forward.first());
    blocks_[i].second.Pack(forward.second());
  }
  const auto places = tensor::ViewOf<float>(net.places_TW_);
  places_.assign(places.begin(), places.end());
  width_ = from_tokens_.outputs();
  latent_ = static_cast<int>(net.from_latent_.weight().size(1));
  ld_ = PaddedRow(width_), ld_wide_ = PaddedRow(std::max(4 * width_, out_.outputs()));
  const int heads = blocks_.empty() ? 1 : static_cast<int>(net.blocks_[0].attention.heads());
  attention_ = {.tokens = static_cast<int>(net.places_TW_.size(0)), .heads = heads, .head_size = width_ / heads};
}

std::size_t PackedDit::multiplications() const {
  std::size_t sum = from_tokens_.multiplications() + out_.multiplications();
  for (const Block& block : blocks_) {
    for (const PackedLinear* each : {&block.queries_keys_values, &block.out, &block.first, &block.second})
      sum += each->multiplications();
  }
  return sum;
}

PackedDit::Scratch PackedDit::MakeScratch(int rows) const {
  const auto count = static_cast<std::size_t>(rows * tokens());
  const std::vector<float> narrow(count * ld_);
  return {narrow, narrow, narrow, std::vector<float>(count * ld_wide_), std::vector<float>(attention_.scratch())};
}

void PackedDit::Modulate(const float* latents, int rows, const float* time_parts, int levels,
                         float* modulations) const {
  const std::vector<float> one(ld_, 1);
  std::vector<float> latent_parts(static_cast<std::size_t>(rows) * ld_), time_part(ld_);
  std::vector<float> condition(latent_parts.size() * static_cast<std::size_t>(levels));
  from_latent_(latents, static_cast<std::size_t>(latent_), latent_parts.data(), ld_, rows);
  for (int level = 0; level < levels; ++level) {
    std::copy_n(time_parts + level * width_, width_, time_part.begin());
    KernelsOfMachine().norm.scaled_silu(latent_parts.data(), one.data(), time_part.data(),
                                        condition.data() + static_cast<std::size_t>(level) * latent_parts.size(),
                                        static_cast<std::size_t>(rows), ld_);
  }
  modulation_(condition.data(), ld_, modulations, static_cast<std::size_t>(modulation_.padded_outputs()),
              rows * levels);
}

void PackedDit::Clean(const Rows& rows, Scratch& scratch) const {
  Begin(rows, scratch);
  int part = 0;
  for (const Block& block : blocks_) {
    Attention(block, rows, part, scratch);
    FeedForward(block, rows, part + 3, scratch);
    part += 6;
  }
  Normalise(rows, part, scratch);
  End(rows, scratch);
}

// x = W_in tokens + places.
void PackedDit::Begin(const Rows& rows, Scratch& scratch) const {
  const auto size = static_cast<std::size_t>(out_.outputs());
  from_tokens_(rows.noised, size, scratch.x.data(), ld_, rows.count * tokens());
  float* x = scratch.x.data();
  for (int row = 0; row < rows.count; ++row) {
    const float* place = places_.data();
    for (int t = 0; t < tokens(); ++t, x += ld_, place += width_) {
      for (int i = 0; i < width_; ++i) x[i] += place[i];
    }
  }
}

// normal = (1 + s) N(x) + m.
void PackedDit::Normalise(const Rows& rows, int part, Scratch& scratch) const {
  const std::size_t of_row = static_cast<std::size_t>(tokens()) * ld_;
  for (int row = 0; row < rows.count; ++row) {
    const std::size_t at = static_cast<std::size_t>(row) * of_row;
    Kernels().modulated_norm(scratch.x.data() + at, Modulation(rows, row, part), Modulation(rows, row, part + 1),
                             scratch.normal.data() + at, ld_, tokens(), width_);
  }
}

// x += g part.
void PackedDit::AddGated(const Rows& rows, int part, Scratch& scratch) const {
  const std::size_t of_row = static_cast<std::size_t>(tokens()) * ld_;
  for (int row = 0; row < rows.count; ++row) {
    const std::size_t at = static_cast<std::size_t>(row) * of_row;
    Kernels().add_gated(scratch.x.data() + at, Modulation(rows, row, part), scratch.part.data() + at, ld_, tokens(),
                        width_);
  }
}

void PackedDit::Attention(const Block& block, const Rows& rows, int part, Scratch& scratch) const {
  const int count = rows.count * tokens();
  Normalise(rows, part, scratch);
  block.queries_keys_values(scratch.normal.data(), ld_, scratch.wide.data(), ld_wide_, count);
  for (int row = 0; row < rows.count; ++row) {
    const auto first = static_cast<std::size_t>(row * tokens());
    Kernels().attend(scratch.wide.data() + first * ld_wide_, ld_wide_, scratch.normal.data() + first * ld_, ld_,
                     attention_, scratch.attention.data());
  }
  block.out(scratch.normal.data(), ld_, scratch.part.data(), ld_, count);
  AddGated(rows, part + 2, scratch);
}

void PackedDit::FeedForward(const Block& block, const Rows& rows, int part, Scratch& scratch) const {
  const int count = rows.count * tokens();
  Normalise(rows, part, scratch);
  block.first(scratch.normal.data(), ld_, scratch.wide.data(), ld_wide_, count);
  Kernels().gelu(scratch.wide.data(), ld_wide_, count, block.first.outputs());
  block.second(scratch.wide.data(), ld_wide_, scratch.part.data(), ld_, count);
  AddGated(rows, part + 2, scratch);
}

void PackedDit::End(const Rows& rows, Scratch& scratch) const {
  const int count = rows.count * tokens();
  const auto size = static_cast<std::size_t>(out_.outputs());
  out_(scratch.normal.data(), ld_, scratch.wide.data(), ld_wide_, count);
  for (std::size_t t = 0; t < static_cast<std::size_t>(count); ++t)
    std::copy_n(scratch.wide.data() + t * ld_wide_, size, rows.said + t * size);
}

const float* PackedDit::Modulation(const Rows& rows, int row, int part) const {
  return rows.modulations + static_cast<std::size_t>(row * modulations() + part * width_);
}

}  // namespace heddle::nn
