// A source: one dataset of the mixture, and how it is fitted to the mixture's layout. Nothing on disk is changed by it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "heddle/data/dataset.h"
#include "heddle/data/labels/dataset_labels.h"
#include "heddle/mixture/action_conversion.h"
#include "heddle/mixture/layout.h"
#include "heddle/mixture/slot_map.h"

namespace heddle::mixture {

struct LayoutMap {
  // Layout's camera -> dataset's camera, or nothing where the dataset has none (masked). A camera that is not named
  // here has its own name in the dataset.
  std::map<std::string, std::optional<std::string>> cameras;
  // Layout's feature -> slot -> what fills it. A feature that is not named here is taken whole, dimension by dimension,
  // from the dataset's feature of the same name; in one that is, every slot is named.
  std::map<std::string, std::map<std::string, SlotMap>> slots;
  // Layout's feature -> how it is made of actions in another representation, instead of slots.
  std::map<std::string, ActionConversion> conversions = {};
  std::string default_instruction;  // where the dataset's is empty
};

struct Source {
  std::string name;                              // unique in the mixture
  std::shared_ptr<const data::Dataset> dataset;  // shared: the loaders of training and of validation read the same one
  std::string domain;                            // empty: a domain of its own, of the source's name
  double weight = 1;                             // relative to the other sources'
  std::optional<std::vector<int64_t>> episodes;  // nothing: all
  std::vector<int64_t> holdout;                  // kept from training, for validation and diagnosis
  LayoutMap map;
  // Labels that are conditions: key -> value of the whole source, and key -> the dataset's own by frame, which go
  // first.
  std::map<std::string, std::string> labels;
  std::map<std::string, data::LabelTrack> tracks;

  const std::string& domain_name() const { return domain.empty() ? name : domain; }
};

struct Mixture {
  Layout layout;
  std::vector<Source> sources;
};

// Which episodes are drawn from.
enum class EpisodeSet { kTraining, kHoldout };

// The episodes of the set in ascending order. Usage error: one that the dataset lacks or that stands twice.
std::vector<int64_t> SelectEpisodes(const Source& source, EpisodeSet set);

// The domains in the order of their first source. Usage error: no sources, a source's name empty or twice, no dataset,
// a weight that is negative or not finite, or all of them 0.
std::vector<std::string> CheckSources(const std::vector<Source>& sources);

}  // namespace heddle::mixture
