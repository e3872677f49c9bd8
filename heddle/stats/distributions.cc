#include "heddle/stats/distributions.h"

#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/students_t.hpp>

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

}  // namespace heddle::stats
