// In which ratio to mix: the range of w in which to search, from the sizes alone.
//
// N windows of the target, M of all surrogates together (windows and not demonstrations, as these are what is drawn);
// w is the probability of drawing from the target.
//
//   w_n = N/(N + M)                          the natural ratio: every window as likely as any other; the lower end
//   w_q = sqrt(N/M)            if M/N > 5    the upper end
//         Nq/((1 - q)M + Nq)   else, q = 0.8
//
// Where the second comes from: a window of the target weighs w/N, one of the surrogates (1 - w)/M; at equal distance
// the target's has the share q = (w/N)/(w/N + (1 - w)/M) of the two, and solving for w gives Nq/((1 - q)M + Nq). So w_n
// is q = 1/2. The square root stands for sqrt(r)/(1 + sqrt(r)), r = N/M, where q itself is 1/(1 + sqrt(r)).
//
// w_q is capped at 1/2. Where w_n >= 1/2 there is more target than surrogate data: no range is to be searched, and w_n
// is what to take. The range is where to search and no answer: inside it the worst point of the paper's table loses up
// to .118, and the best w of the sweep lies outside in 3 of 9 settings, by at most .010 of success
// (ratio_guideline_test).
#pragma once

#include <span>
#include <string>
#include <vector>

namespace heddle::theory {

struct RatioOptions {
  double q = 0.8;    // in [1/2, 1); used where M/N <= 5
  double cap = 0.5;  // in (0, 1/2]; of the upper end
  // The paper moves both ends up when the domains are far apart, and does not say by how much. Here the odds w/(1 - w)
  // of both ends are multiplied by this factor, >= 1, before the cap. 1 is off, and the default. On the published
  // table 3 gives [.048, .308]: it takes in the .3 that is best in three settings and leaves out the .016 that is best
  // in three others, so that the largest regret rises from .010 to .050. Only a measured gap justifies it.
  double gap_odds = 1;
};

struct RatioGuideline {
  enum class Rule { kSquareRoot, kShare, kNatural };
  Rule rule = Rule::kShare;  // where the upper end is from; kNatural: w_n >= 1/2, both ends are w_n
  bool capped = false;       // the upper end was cut to options.cap
  double natural = 0;        // w_n, before any shift
  double low = 0, high = 0;  // the balanced range to search, shifted and capped

  // One sentence for people: which rule, and that w_n is suggested where it is.
  std::string Explain() const;
};

// target: N; surrogates: the size of each, of which M is the sum. Throws kInput if there is no surrogate or a size is
// not positive and finite, kUsage for options out of range.
RatioGuideline GuideRatio(double target, std::span<const double> surrogates, const RatioOptions& options = {});

// The probability of each surrogate when the target has w: (1 - w) M_k^τ / Σ_l M_l^τ. τ = 1 is in proportion to size, τ
// = 0 equal. Throws as above, and kUsage for w outside [0, 1] or a τ that is not finite.
std::vector<double> ShareAmongSurrogates(double w, std::span<const double> surrogates, double tau);

}  // namespace heddle::theory
