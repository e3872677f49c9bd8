// What a policy made of one moment of an episode: a row of the closed loop's latents.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace heddle::eval {

struct DecidedChunk {
  int64_t step = 0;  // control steps since the episode began
  std::vector<float> z, shallow;
  std::vector<float> chunk;                  // its actions, normalised
  std::map<std::string, int64_t> condition;  // what it was told, values from 1; 0: nothing
  float effect = 0;                          // heddle/policy/label_effect.h
};

// The decisions of one episode as a latents file (heddle/policy/latents_file.h) of one domain, "closed loop", with the
// label `success`; `about` goes into its metadata.
void WriteDecisions(const std::filesystem::path& file, const std::vector<DecidedChunk>& chunks, int64_t episode_seed,
                    bool success, const std::map<std::string, std::string>& about);

}  // namespace heddle::eval
