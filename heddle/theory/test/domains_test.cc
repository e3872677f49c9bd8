#include "heddle/theory/domains.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "heddle/core/error.h"
#include "heddle/theory/test/samples.h"

namespace heddle::theory {
namespace {

using ::testing::AllOf;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string InputError(const std::vector<DomainSamples>& domains) {
  try {
    JoinDomains(domains);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

TEST(JoinDomains, KeepsOrderAndSharesTheWeightOfEachDomain) {
  auto domains = SomeDomains(3, 2, 4);
  const Demonstrations joined = JoinDomains(domains);
  EXPECT_EQ(joined.num_domains(), 3);
  EXPECT_THAT(joined.first, ElementsAre(0, 5, 13, 24));
  EXPECT_EQ(joined.action_size(), 4);
  const double total = 0.2 + 0.7 + 1.2;
  EXPECT_THAT(joined.w, ElementsAre(DoubleNear(0.2 / total, 1e-15), DoubleNear(0.7 / total, 1e-15),
                                    DoubleNear(1.2 / total, 1e-15)));
  EXPECT_NEAR(joined.log_share_N[6].item<double>(), std::log(0.7 / total / 8), 1e-14);
  EXPECT_NEAR(joined.log_share_N.exp().sum().item<double>(), 1, 1e-14);
  EXPECT_TRUE(at::equal(joined.actions_NA.narrow(0, 5, 8), domains[1].actions_NA));
}

TEST(JoinDomains, TakesFloatsIntoDouble) {
  auto domains = SomeDomains(1, 2, 2);
  domains[0].latents_Nd = domains[0].latents_Nd.to(at::kFloat);
  EXPECT_EQ(JoinDomains(domains).latents_Nd.scalar_type(), at::kDouble);
}

TEST(JoinDomains, RefusesNoDomainAndEmptyOnes) {
  EXPECT_THAT(InputError({}), HasSubstr("no domain"));
  auto domains = SomeDomains(2, 2, 2);
  domains[1].latents_Nd = domains[1].latents_Nd.narrow(0, 0, 0);
  domains[1].actions_NA = domains[1].actions_NA.narrow(0, 0, 0);
  EXPECT_THAT(InputError(domains), AllOf(HasSubstr("domain 1"), HasSubstr("no demonstrations")));
}

TEST(JoinDomains, RefusesValuesThatAreNotFinite) {
  auto domains = SomeDomains(2, 2, 2);
  domains[1].latents_Nd[3][1] = NAN;
  EXPECT_THAT(InputError(domains), HasSubstr("domain 1: latents_Nd has 1 of 16 values that are not finite, the first "
                                             "at [3, 1]"));
  domains = SomeDomains(2, 2, 2);
  domains[0].actions_NA[0][0] = INFINITY;
  EXPECT_THAT(InputError(domains), HasSubstr("domain 0: actions_NA"));
}

TEST(JoinDomains, RefusesSizesThatDoNotFit) {
  auto domains = SomeDomains(2, 2, 2);
  domains[1].latents_Nd = at::zeros({8, 3}, at::kDouble);
  EXPECT_THAT(InputError(domains), HasSubstr("domain 1: latents_Nd has shape [8, 3], expected [8, 2]"));
  domains[1].latents_Nd = at::zeros({7, 2}, at::kDouble);
  EXPECT_THAT(InputError(domains), HasSubstr("domain 1: actions_NA has shape [8, 2], expected [7, any]"));
  domains[1].latents_Nd = at::Tensor();
  EXPECT_THAT(InputError(domains), HasSubstr("undefined"));
}

TEST(JoinDomains, RefusesWeightsThatAreNotProbabilities) {
  auto domains = SomeDomains(2, 2, 2);
  domains[1].w = -0.1;
  EXPECT_THAT(InputError(domains), AllOf(HasSubstr("domain 1"), HasSubstr("-0.1")));
  domains[1].w = NAN;
  EXPECT_THAT(InputError(domains), HasSubstr("nan"));
  domains[0].w = domains[1].w = 0;
  EXPECT_THAT(InputError(domains), HasSubstr("all domains are zero"));
}

}  // namespace
}  // namespace heddle::theory
