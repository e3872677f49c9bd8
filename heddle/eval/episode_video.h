// An episode that was run, as a film: played again from its seed with the actions that were executed, which gives the
// same states.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "heddle/eval/rollout.h"
#include "heddle/sim/world_spec.h"

namespace heddle::eval {

// H.264, the task's cameras side by side. The file appears whole or not at all; its folder is made.
void FilmEpisode(const sim::WorldKind& kind, const EpisodeResult& result, const std::string& policy,
                 const std::filesystem::path& file);

}  // namespace heddle::eval
