// How a policy is built: stems, trunk, head, and what the head is taught to say. The part `policy:` of run.yaml.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace heddle::policy {

enum class TrunkKind { kMlp, kTransformer, kScript };
enum class HeadKind { kMlp, kTransformer };
enum class Path { kDiffusion, kFlow };
enum class Prediction { kNoise, kVelocity };

struct TrunkOptions {
  TrunkKind kind = TrunkKind::kMlp;
  int64_t width = 256, layers = 2, heads = 4;
  std::string script = {};

  void Visit(auto& v) {
    v.Field("kind", kind,
            {.doc = "joins the stems' tokens into the latent z: an MLP on all of them, a transformer "
                    "encoder over them, or a TorchScript module of your own",
             .names = {"mlp", "transformer", "script"}});
    v.Field("width", width, {.doc = "of tokens and of the latent z", .unit = "features", .min = 8, .max = 4096});
    v.Field("layers", layers, {.doc = "hidden layers, or encoder blocks", .min = 1, .max = 48});
    v.Field("heads", heads, {.doc = "of attention; divides the width", .min = 1, .max = 64});
    v.Field("script", script, {.doc = "file of a TorchScript module: forward(tokens [B, N, width]) -> z [B, width]"});
  }
};

struct HeadOptions {
  HeadKind kind = HeadKind::kMlp;
  int64_t width = 256, layers = 3, heads = 4;
  Path path = Path::kDiffusion;
  Prediction prediction = Prediction::kNoise;
  int64_t noise_steps = 100, sampler_steps = 10, time_features = 32;

  void Visit(auto& v) {
    v.Field("kind", kind,
            {.doc = "an MLP on the whole chunk, or a diffusion transformer with a token an action",
             .names = {"mlp", "transformer"}});
    v.Field("width", width, {.doc = "of hidden layers or tokens", .unit = "features", .min = 8, .max = 4096});
    v.Field("layers", layers, {.doc = "hidden layers, or blocks", .min = 1, .max = 48});
    v.Field("heads", heads, {.doc = "of attention; divides the width", .min = 1, .max = 64});
    v.Field("path", path,
            {.doc = "from noise to actions: diffusion (cosine levels, sampled by DDIM) or flow matching "
                    "along a straight line (sampled by Euler)",
             .names = {"diffusion", "flow"}});
    v.Field("prediction", prediction,
            {.doc = "what a diffusion head says: the noise, or the velocity "
                    "alpha noise - sigma action; a flow head always says the velocity",
             .names = {"noise", "velocity"}});
    v.Field("noise_steps", noise_steps,
            {.doc = "levels of noise in training", .unit = "steps", .min = 2, .max = 10000});
    v.Field("sampler_steps", sampler_steps,
            {.doc = "to make a chunk; at most noise_steps", .unit = "steps", .min = 1, .max = 10000});
    v.Field("time_features", time_features, {.doc = "sines and cosines of the level; even", .min = 2, .max = 1024});
  }
};

struct CameraStemOptions {
  int64_t channels = 32;
  double crop = 0.9, brightness = 0.2, contrast = 0.2;
  std::string script = {};

  void Visit(auto& v) {
    v.Field("channels", channels,
            {.doc = "of the first layer of the small conv net; the others have twice as many", .min = 8, .max = 512});
    v.Field("crop", crop,
            {.doc = "share of each side that a random crop keeps in training; in use the middle is taken; "
                    "1: none",
             .max = 1,
             .above = 0.25});
    v.Field("brightness", brightness,
            {.doc = "largest random shift of brightness in training, share of full white; 0: "
                    "none",
             .min = 0,
             .max = 1});
    v.Field("contrast", contrast,
            {.doc = "largest random change of contrast in training; 0: none", .min = 0, .below = 1});
    v.Field("script", script,
            {.doc = "file of a TorchScript module instead: forward(picture [B, 3, H, W] in 0..1) -> "
                    "token [B, width]"});
  }
};

struct PolicyOptions {
  TrunkOptions trunk;
  HeadOptions head;
  CameraStemOptions camera;

  void Visit(auto& v) {
    v.Group("trunk", trunk, "from the stems' tokens to the latent z");
    v.Group("head", head, "from the latent and a noised chunk of actions to the chunk");
    v.Group("camera", camera, "from a picture to a token; one net a camera");
  }
};

// How labels enter: the part `discern.condition` of run.yaml.
struct ConditionOptions {
  std::vector<std::string> keys = {};
  bool embedded = false;
  int64_t embedding_size = 16;
  double dropout = 0.2;

  void Visit(auto& v) {
    v.Field("keys", keys, {.doc = "labels that are appended to the latent: domain, embodiment, strategy, ..."});
    v.Field("embedded", embedded, {.doc = "as a learned vector instead of one-hot"});
    v.Field("embedding_size", embedding_size, {.doc = "of that vector", .min = 1, .max = 1024});
    v.Field("dropout", dropout, {.doc = "share of training rows that are shown no label", .min = 0, .max = 1});
  }
};

}  // namespace heddle::policy
