#include "heddle/train/sweep_text.h"

#include <cstdio>

namespace heddle::train {
namespace {

std::string Cell(const std::optional<double>& value) {
  char text[32];
  std::snprintf(text, sizeof text, "%10s", "");
  if (value) std::snprintf(text, sizeof text, "%10.4f", *value);
  return text;
}

}  // namespace

std::string SweepText(const SweepOutcome& outcome, const SweepOver& over) {
  std::string text = "over " + over.key + ": " + over.reason + "\n";
  text += "held-out target action error after a quarter, half and all of the training; success in closed loop\n\n";
  for (const SweepTrial& trial : outcome.trials) {
    char name[64];
    std::snprintf(name, sizeof name, "%-28s", trial.name.c_str());
    text += name;
    for (size_t rung = 0; rung < 3; ++rung)
      text += Cell(rung < trial.errors.size() ? trial.errors[rung] : std::nullopt);
    text += Cell(trial.success) + "\n";
  }
  if (outcome.stopped) return text + "stopped; the same command goes on\n";
  if (!outcome.best) return text + "\nno best: " + outcome.reason + "\n";
  const SweepTrial& best = outcome.trials[*outcome.best];
  return text + "\nbest of " + std::to_string(outcome.trials.size()) + ": " + best.name + " (" + outcome.reason +
         ")\nrun: " + best.folder.string() + "\n";
}

}  // namespace heddle::train
