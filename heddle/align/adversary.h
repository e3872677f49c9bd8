// Adversarial alignment: a discriminator learns to tell the domain from the latent, behind gradient reversal, so that
// the encoder learns to leave no trace of it.
//
//   loss = weight · CE(D(reverse(z)), domain)
//
// The discriminator descends this loss. The encoder is given -s times its gradient, with
//   s = 2/(1 + exp(-10 p)) - 1,   p = step/(warm_up · steps), at most 1,
// as a discriminator that has learnt nothing yet would only shake the encoder.
#pragma once

#include <memory>

#include "heddle/align/label_net.h"
#include "heddle/align/objective.h"

namespace heddle::align {

struct AdversaryOptions {
  static constexpr const char* kName = "adversary";
  static constexpr const char* kDoc = "A discriminator behind gradient reversal: latents lose what tells the domain.";
  double weight = 0;
  double warm_up = 0.5;
  LabelNetOptions net;

  template <class V>
  void Visit(V& v) {
    v.Field("weight", weight, {.doc = "its share in the loss; 0 is off", .min = 0, .max = 1e4});
    v.Field("warm_up", warm_up,
            {.doc = "share of training over which the reversed gradient rises to its full strength; 0 is at once",
             .min = 0,
             .max = 1});
    net.Visit(v);
  }
  // kUsage as LabelNet.
  std::unique_ptr<Objective> Make(const ObjectiveSetup& setup) const;
};

// s above.
double ReversalStrength(int64_t step, int64_t steps, double warm_up);

}  // namespace heddle::align
