#include "heddle/stats/distributions.h"

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "heddle/core/check.h"

namespace heddle::stats {
namespace {

namespace bm = boost::math;
using Policy = bm::policies::policy<bm::policies::promote_double<false>>;

}  // namespace

double FTail(double f, double degrees_above, double degrees_below) {
  HEDDLE_DEMAND(degrees_above > 0 && degrees_below > 0 && f >= 0);
  return bm::cdf(bm::complement(bm::fisher_f_distribution<double, Policy>(degrees_above, degrees_below), f));
}

double TQuantile(double p, double degrees) {
  HEDDLE_DEMAND(p > 0 && p < 1 && degrees > 0);
  return bm::quantile(bm::students_t_distribution<double, Policy>(degrees), p);
}

double NormalQuantile(double p) {
  HEDDLE_DEMAND(p > 0 && p < 1);
  return bm::quantile(bm::normal_distribution<double, Policy>(), p);
}

double NormalTail(double z) { return std::erfc(z / std::sqrt(2.0)) / 2; }

double BinomialMass(int64_t k, int64_t n, double p) {
  HEDDLE_DEMAND(n >= 0 && p >= 0 && p <= 1);
  if (k < 0 || k > n) return 0;
  return bm::pdf(bm::binomial_distribution<double, Policy>(static_cast<double>(n), p), static_cast<double>(k));
}

double BinomialTail(int64_t k, int64_t n, double p) {
  HEDDLE_DEMAND(n >= 0 && p >= 0 && p <= 1);
  if (k <= 0) return 1;
  if (k > n) return 0;
  const bm::binomial_distribution<double, Policy> binomial(static_cast<double>(n), p);
  return bm::cdf(bm::complement(binomial, static_cast<double>(k - 1)));
}

double LogChoose(int64_t n, int64_t k) {
  HEDDLE_DEMAND(k >= 0 && k <= n);
  const auto gamma = [](int64_t value) { return bm::lgamma(static_cast<double>(value + 1), Policy()); };
  return gamma(n) - gamma(k) - gamma(n - k);
}

}  // namespace heddle::stats
