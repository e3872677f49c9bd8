#include "heddle/train/plan_text.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "heddle/core/progress.h"

namespace heddle::train {
namespace {

template <class... Values>
std::string Line(const char* format, Values... values) {
  char text[256];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

}  // namespace

std::string PlanText(const TrainPlan& plan) {
  std::string text = Line("%lld steps of %.2f ms: about ", static_cast<long long>(plan.steps), plan.step_ms) +
                     FormatDuration(plan.seconds) +
                     Line("; %lld parameters\n", static_cast<long long>(plan.parameters));
  text +=
      Line("memory: %.0f MB at most in a trial of a few steps; disk: %.0f MB, with the latents of held-out windows\n",
           plan.memory_mb, plan.disk_mb);
  text += Line("w %.4g: ", plan.w) + plan.w_reason + "\n\n";
  text += Line("%-20s %-16s %8s %9s %10s %8s\n", "source", "domain", "sampled", "windows", "episodes", "passes");
  for (const SourcePlan& source : plan.sources) {
    text +=
        Line("%-20s %-16s %7.2f%% %9lld %10lld %8.1f\n", source.name.c_str(), source.domain.c_str(), 100 * source.share,
             static_cast<long long>(source.windows), static_cast<long long>(source.episodes), source.passes);
  }
  return text;
}

nlohmann::ordered_json PlanJson(const TrainPlan& plan) {
  auto sources = nlohmann::ordered_json::array();
  for (const SourcePlan& source : plan.sources) {
    sources.push_back({{"name", source.name},
                       {"domain", source.domain},
                       {"share", source.share},
                       {"passes", source.passes},
                       {"windows", source.windows},
                       {"episodes", source.episodes}});
  }
  return {{"steps", plan.steps},
          {"step_ms", plan.step_ms},
          {"seconds", plan.seconds},
          {"parameters", plan.parameters},
          {"memory_mb", plan.memory_mb},
          {"disk_mb", plan.disk_mb},
          {"w", plan.w},
          {"w_reason", plan.w_reason},
          {"sources", sources}};
}

}  // namespace heddle::train
