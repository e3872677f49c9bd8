#include "heddle/ot/sinkhorn.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/tensor/check_shape.h"

namespace heddle::ot {
namespace {

// One side of the problem. Potentials are in units of ε here.
struct Side {
  at::Tensor mass, log_mass;
  at::Tensor potential;
  double ratio = 0;    // ε/ρ; 0 where the marginal is exact
  double damping = 1;  // ρ/(ρ + ε)
  bool exact() const { return ratio == 0; }
};

constexpr int64_t kFirstBlock = 8, kLongestBlock = 64;  // matrix-vector rounds between two exact ones

class Solver {
 public:
  Solver(const at::Tensor& cost_NM, const SinkhornOptions& options, const SinkhornProblem& problem)
      : options_(options), scaled_NM_(cost_NM / -options.epsilon) {
    rows_ = MakeSide(problem.a_N, problem.f_N, cost_NM.size(0), options.marginal_a);
    columns_ = MakeSide(problem.b_M, problem.g_M, cost_NM.size(1), options.marginal_b);
  }

  void Run() {
    int64_t block = kFirstBlock;
    while (true) {
      const double before = residual_;
      const int64_t since = iterations_ - exact_at_;
      ExactRound();
      if (converged() || !std::isfinite(residual_) || iterations_ >= options_.max_iterations) return;
      if (exact_at_ > 1) block = NextBlock(std::log(residual_ / before) / static_cast<double>(since + 1));
      KernelRounds(std::min({block, longest_block_, options_.max_iterations - iterations_ - 1}));
    }
  }

  bool converged() const { return residual_ <= options_.tolerance; }
  int64_t iterations() const { return iterations_; }
  double residual() const { return residual_; }

  Transport Answer(const at::Tensor& cost_NM) const {
    Transport answer;
    answer.plan_NM = Plan();
    answer.f_N = rows_.potential * options_.epsilon;
    answer.g_M = columns_.potential * options_.epsilon;
    answer.cost = (answer.plan_NM * cost_NM).sum(at::kDouble).item<double>();
    answer.objective = answer.cost + Penalties(answer.plan_NM);
    return answer;
  }

 private:
  Side MakeSide(const at::Tensor& mass, const at::Tensor& potential, int64_t size, double marginal) const {
    Side side;
    const at::TensorOptions like = scaled_NM_.options();
    side.mass = mass.defined() ? mass.detach().to(like) : at::full({size}, 1.0 / static_cast<double>(size), like);
    side.log_mass = side.mass.log();
    side.potential = potential.defined() ? potential.detach().to(like) / options_.epsilon : at::zeros({size}, like);
    side.ratio = std::isinf(marginal) ? 0 : options_.epsilon / marginal;
    side.damping = 1 / (1 + side.ratio);
    return side;
  }

  at::Tensor Renewed(const Side& other, int64_t over, double damping) const {
    const at::Tensor weight = other.potential + other.log_mass;
    return at::logsumexp(scaled_NM_ + weight.unsqueeze(1 - over), over) * -damping;
  }

  // Both potentials by log-sum-exp, and how far the rows were from right before.
  void ExactRound() {
    Translate();
    columns_.potential = Renewed(rows_, 0, columns_.damping);
    const at::Tensor renewed_N = Renewed(columns_, 1, rows_.damping);
    const at::Tensor demanded_N =
        rows_.exact() ? rows_.mass : (rows_.log_mass - rows_.potential * rows_.ratio).softmax(0);
    const at::Tensor excess_N = ((rows_.potential - renewed_N) / rows_.damping).expm1_().abs_();
    residual_ = ((demanded_N * excess_N).sum() / demanded_N.sum()).item<double>();
    // Where it is within the tolerance the pair that was judged is the answer.
    if (!converged()) rows_.potential = renewed_N;
    ++iterations_;
    exact_at_ = iterations_;
  }

  // Moves what (f + λ, g - λ), which leaves P as it is, gains in the penalties: alone the alternation finds λ at the
  // rate of ε/ρ only.
  void Translate() {
    const double stiffness = rows_.ratio + columns_.ratio;
    if (stiffness == 0) return;
    const auto log_demand = [](const Side& side) {
      return at::logsumexp(side.log_mass - side.potential * side.ratio, 0);
    };
    const at::Tensor shift = (log_demand(rows_) - log_demand(columns_)) / stiffness;
    rows_.potential = rows_.potential + shift;
    columns_.potential = columns_.potential - shift;
  }

  // The same alternation on scalings u, v of the present plan: rounds of two matrix-vector products. The plan's entries
  // that underflow are lost to it, so it only brings the potentials forward; what counts is judged by ExactRound.
  void KernelRounds(int64_t rounds) {
    const at::Tensor kernel_NM = Plan();
    const at::Tensor across_MN = kernel_NM.t().contiguous();
    at::Tensor u_N = at::ones_like(rows_.mass), v_M = at::ones_like(columns_.mass);
    const at::Tensor pull_N = Pull(rows_), pull_M = Pull(columns_);
    for (int64_t round = 0; round < rounds; ++round) {
      Rescale(columns_, across_MN, u_N, pull_M, v_M);
      Rescale(rows_, kernel_NM, v_M, pull_N, u_N);
    }
    const at::Tensor log_u_N = u_N.log_(), log_v_M = v_M.log_();
    iterations_ += rounds;
    if (!std::isfinite((log_u_N.sum() + log_v_M.sum()).item<double>())) {
      longest_block_ = std::max(longest_block_ / 4, int64_t{1});
      return;
    }
    rows_.potential = rows_.potential + log_u_N;
    columns_.potential = columns_.potential + log_v_M;
    longest_block_ = std::min(2 * longest_block_, kLongestBlock);
  }

  static at::Tensor Pull(const Side& side) {
    return side.exact() ? at::Tensor() : (side.potential * (side.damping - 1)).exp_();
  }

  static void Rescale(const Side& side, const at::Tensor& kernel, const at::Tensor& other, const at::Tensor& pull,
                      at::Tensor& scaling) {
    at::mv_out(scaling, kernel, other);
    at::div_out(scaling, side.mass, scaling);
    if (!side.exact()) scaling.pow_(side.damping).mul_(pull);
  }

  // As many rounds as the rate seen so far needs: log_rate is the logarithm of the residual's factor a round.
  int64_t NextBlock(double log_rate) const {
    if (!(log_rate < 0)) return kLongestBlock;
    const double needed = std::log(options_.tolerance / residual_) / log_rate;
    return static_cast<int64_t>(std::clamp(needed + 1, 1.0, static_cast<double>(kLongestBlock)));
  }

  at::Tensor Plan() const {
    const at::Tensor row_N = rows_.potential + rows_.log_mass, column_M = columns_.potential + columns_.log_mass;
    return (scaled_NM_ + row_N.unsqueeze(1)).add_(column_M).exp_();
  }

  double Penalties(const at::Tensor& plan_NM) const {
    const at::Tensor log_ratio_NM = scaled_NM_ + rows_.potential.unsqueeze(1) + columns_.potential;
    const double carried = plan_NM.sum(at::kDouble).item<double>();
    const double apart = rows_.mass.sum(at::kDouble).item<double>() * columns_.mass.sum(at::kDouble).item<double>();
    const double entropy = (plan_NM * log_ratio_NM).sum(at::kDouble).item<double>() - carried + apart;
    return options_.epsilon * entropy + MarginalPenalty(rows_, plan_NM.sum(1)) +
           MarginalPenalty(columns_, plan_NM.sum(0));
  }

  double MarginalPenalty(const Side& side, const at::Tensor& sums) const {
    if (side.exact()) return 0;
    const at::Tensor divergence = at::xlogy(sums, sums / side.mass) - sums + side.mass;
    return options_.epsilon / side.ratio * divergence.sum(at::kDouble).item<double>();
  }

  const SinkhornOptions& options_;
  at::Tensor scaled_NM_;  // -C/ε
  Side rows_, columns_;
  int64_t iterations_ = 0, exact_at_ = 0, longest_block_ = kLongestBlock;
  double residual_ = std::numeric_limits<double>::infinity();
};

void CheckOptions(const SinkhornOptions& options) {
  const auto check = [](const char* name, double value, bool may_be_infinite) {
    if (value > 0 && (may_be_infinite || std::isfinite(value))) return;
    ThrowUsage(std::string(name) + " of transport is " + std::to_string(value), name, "give a number above 0");
  };
  check("epsilon", options.epsilon, false);
  check("marginal_a", options.marginal_a, true);
  check("marginal_b", options.marginal_b, true);
  check("tolerance", options.tolerance, false);
  check("max_iterations", static_cast<double>(options.max_iterations), false);
}

void CheckMass(const at::Tensor& mass, const char* name, int64_t size) {
  if (!mass.defined()) return;
  tensor::CheckShape(mass, name, {size});
  tensor::CheckFinite(mass, name, ErrorKind::kInput);
  if (!(mass.min().item<double>() > 0)) {
    ThrowInput(std::string("a mass of ") + name + " is not positive", name, "leave out points without mass");
  }
}

void CheckProblem(const at::Tensor& cost_NM, const SinkhornOptions& options, const SinkhornProblem& problem) {
  tensor::CheckShape(cost_NM, "cost_NM", {tensor::kAny, tensor::kAny});
  HEDDLE_DEMAND(cost_NM.scalar_type() == at::kFloat || cost_NM.scalar_type() == at::kDouble);
  HEDDLE_DEMAND(cost_NM.numel() > 0);
  CheckMass(problem.a_N, "a_N", cost_NM.size(0));
  CheckMass(problem.b_M, "b_M", cost_NM.size(1));
  if (problem.f_N.defined()) tensor::CheckShape(problem.f_N, "f_N", {cost_NM.size(0)});
  if (problem.g_M.defined()) tensor::CheckShape(problem.g_M, "g_M", {cost_NM.size(1)});
  if (!std::isinf(options.marginal_a) || !std::isinf(options.marginal_b)) return;
  const auto sum = [](const at::Tensor& mass) { return mass.defined() ? mass.sum(at::kDouble).item<double>() : 1.0; };
  const double a = sum(problem.a_N), b = sum(problem.b_M);
  if (std::abs(a - b) > 1e-6 * std::max(a, b)) {
    ThrowInput("balanced transport of mass " + std::to_string(a) + " onto mass " + std::to_string(b), "a_N, b_M",
               "give both sides the same mass, or set a finite marginal_a or marginal_b");
  }
}

}  // namespace

SinkhornResult Sinkhorn(const at::Tensor& cost_NM, const SinkhornOptions& options, const SinkhornProblem& problem) {
  CheckOptions(options);
  CheckProblem(cost_NM, options, problem);
  const at::NoGradGuard no_gradient;
  Solver solver(cost_NM, options, problem);
  solver.Run();
  SinkhornResult result{.transport = {}, .iterations = solver.iterations(), .residual = solver.residual()};
  if (solver.converged()) result.transport = solver.Answer(cost_NM);
  return result;
}

std::optional<double> SinkhornDivergence(const at::Tensor& cost_xy, const at::Tensor& cost_xx,
                                         const at::Tensor& cost_yy, const SinkhornOptions& options) {
  const SinkhornResult between = Sinkhorn(cost_xy, options);
  const SinkhornResult in_x = Sinkhorn(cost_xx, options), in_y = Sinkhorn(cost_yy, options);
  if (!between.transport || !in_x.transport || !in_y.transport) return std::nullopt;
  return between.transport->objective - (in_x.transport->objective + in_y.transport->objective) / 2;
}

}  // namespace heddle::ot
