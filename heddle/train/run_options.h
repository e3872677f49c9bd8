// run.yaml: everything that decides a training run, beside the mixture sheet and the datasets. Every key is explained
// in docs/reference/options.md.
//
//   mixture: mixture.yaml
//   method: cfg-adda
//   w: 0.05
//
// A method is a short way to write `align:` and `discern:` (heddle/train/method.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "heddle/align/objectives.h"
#include "heddle/nn/adamw.h"
#include "heddle/nn/learning_rate.h"
#include "heddle/policy/options.h"
#include "heddle/train/method.h"

namespace heddle::train {

struct DataOptions {
  std::vector<std::string> numbers = {}, cameras = {};
  int64_t picture_size = 84;
  int64_t action_steps = 16, execute = 8;
  int64_t memory_mb = 2048;

  void Visit(auto& v) {
    v.Field("numbers", numbers,
            {.doc = "observations that are read, by the datasets' names; none given: all numeric "
                    "observation.* of the target"});
    v.Field("cameras", cameras,
            {.doc = "by the datasets' names, such as observation.images.agentview; none given: a "
                    "state policy"});
    v.Field("picture_size", picture_size,
            {.doc = "height and width that pictures are brought to", .unit = "pixels", .min = 16, .max = 1024});
    v.Field("action_steps", action_steps, {.doc = "of a chunk", .unit = "steps", .min = 1, .max = 1024});
    v.Field("execute", execute,
            {.doc = "of them, before the policy is asked again; goes into the card",
             .unit = "steps",
             .min = 1,
             .max = 1024});
    v.Field("memory_mb", memory_mb, {.doc = "for the loader's rows and pictures", .unit = "MB", .min = 16});
  }
};

struct LogOptions {
  int64_t every = 100, validate_every = 2000, gradients_every = 500, checkpoint_every = 10'000;
  int64_t holdout_windows = 512;
  bool tensorboard = false;

  void Visit(auto& v) {
    v.Field("every", every, {.doc = "a line of losses and times", .unit = "steps", .min = 1});
    v.Field("validate_every", validate_every,
            {.doc = "losses and meters on held-out episodes", .unit = "steps", .min = 1});
    v.Field("gradients_every", gradients_every,
            {.doc = "norm of each term's gradient, and each domain's against the "
                    "target's",
             .unit = "steps",
             .min = 1});
    v.Field("checkpoint_every", checkpoint_every,
            {.doc = "a checkpoint and the latents of the held-out windows; the "
                    "last step always leaves one",
             .unit = "steps",
             .min = 1});
    v.Field("holdout_windows", holdout_windows,
            {.doc = "of each domain, that validation looks at", .min = 8, .max = 100'000});
    v.Field("tensorboard", tensorboard, {.doc = "event files for TensorBoard, too"});
  }
};

enum class ScheduleKind { kConstant, kRamp, kStages };

struct ScheduleOptions {
  ScheduleKind kind = ScheduleKind::kConstant;
  std::vector<double> at = {}, w = {};

  void Visit(auto& v) {
    v.Field("kind", kind,
            {.doc = "w stays; w goes from point to point in a line; w jumps from stage to stage",
             .names = {"constant", "ramp", "stages"}});
    v.Field(
        "at", at,
        {.doc = "shares of the training at which the points or stages begin, the first of them 0", .min = 0, .max = 1});
    v.Field("w", w, {.doc = "the target's share there", .min = 0, .max = 1});
  }
};

struct DiscernOptions {
  policy::ConditionOptions condition;
  align::DiscernOptions objectives;

  void Visit(auto& v) { v.Group("condition", condition, "labels appended to the latent"); }
};

struct RunOptions {
  std::string mixture = "mixture.yaml";
  Method method = Method::kMix;
  std::optional<double> w, tau;
  ScheduleOptions schedule;
  int64_t seed = 0, steps = 20'000, batch_size = 64;
  double guidance = -0.5;
  DataOptions data;
  policy::PolicyOptions policy;
  align::AlignOptions align;
  DiscernOptions discern;
  nn::AdamWOptions optimiser;
  nn::LearningRateOptions learning_rate;
  LogOptions log;

  void Visit(auto& v) {
    v.Field("mixture", mixture, {.doc = "the sheet, beside this file"});
    v.Field("method", method,
            {.doc = "a short way to write align and discern; custom: as they are written", .names = MethodNames()});
    v.Field("w", w, {.doc = "probability of drawing from the target; auto: as the sheet says", .min = 0, .max = 1});
    v.Field("tau", tau, {.doc = "surrogates share 1 - w by size^tau; auto: as the sheet says", .min = 0, .max = 4});
    v.Group("schedule", schedule, "w over the training");
    v.Field("seed", seed, {.doc = "of weights, order of samples and noise", .min = 0, .max = 9e15});
    v.Field("steps", steps, {.doc = "gradient steps", .unit = "steps", .min = 1});
    v.Field("batch_size", batch_size, {.doc = "windows of all sources together", .min = 1, .max = 65536});
    v.Field("guidance", guidance,
            {.doc = "lambda that the card gets where a label is a condition (heddle policy set "
                    "changes it without training)",
             .min = -10,
             .max = 10});
    v.Group("data", data, "what is read");
    v.Group("policy", policy, "stems, trunk and head");
    v.Group("align", align, "what draws the domains' latents together");
    v.Group("discern", discern, "what keeps them tellable apart");
    v.Group("optimiser", optimiser, "AdamW");
    v.Group("learning_rate", learning_rate, "over the training");
    v.Group("log", log, "what is written down, and when");
  }
};

}  // namespace heddle::train
