// Contacts found in a force stream, and what happened in them.
//
// f_t = |F_t| is the Euclidean norm of a frame's values. A contact begins at the first frame with f_t > on and ends
// before the first one after it with f_t < off (hysteresis); gaps shorter than min_gap_s are closed, then contacts
// shorter than min_contact_s are dropped. Forces are in the stream's own unit, here N.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "heddle/data/labels/label.h"

namespace heddle::data {

class Dataset;

struct ContactOptions {
  // N. Nothing: found from the stream, FindContactLevels.
  std::optional<double> threshold;
  double release_share = 0.5;  // off = rest + share * (on - rest); rest = 0 where a threshold is given
  double min_contact_s = 0.1;  // s
  double min_gap_s = 0.1;      // s
  double smooth_s = 0.1;       // s, half the width of the moving mean that slip is measured against
};

struct ContactLevels {
  double rest = 0, on = 0, off = 0;
};

// Of all episodes together, so that they are on one footing:
//   rest  = 5 % quantile of f
//   noise = median |f_{t+1} - f_t| / (0.6745 sqrt 2), within episodes
//   on    = rest + max(8 noise, 0.1 (99.5 % quantile of f - rest))
// A stream that never leaves its noise has no contacts.
ContactLevels FindContactLevels(std::span<const std::vector<double>> force_of_episodes, const ContactOptions& options);

struct ContactSpan {
  int64_t from_frame = 0, to_frame = 0;
  friend bool operator==(const ContactSpan&, const ContactSpan&) = default;
};
std::vector<ContactSpan> FindContacts(std::span<const double> force, const ContactLevels& levels, double fps,
                                      const ContactOptions& options);

// Over the frames [from, to) of a stream F of shape [frames, dims]:
//   peak = max f_t,  mean = mean f_t
//   slip energy = sum_t |F_t - M_t|^2 / fps, in N^2 s, with M_t the mean of F over the frames t - h .. t + h,
//   h = round(smooth_s fps), at least 1, and less near the ends so that no frame outside is seen: what is constant or
//   rises evenly has none, the stick and slip of a sliding object has.
struct ForceSummary {
  double peak = 0, mean = 0, slip_energy = 0;
};
ForceSummary Summarise(std::span<const double> stream_TD, int64_t dims, ContactSpan frames, double fps,
                       const ContactOptions& options);

// A dataset's summaries as labels of level contact, by "contact:FEATURE". Per contact, keys FEATURE.contact (value
// "yes"), .peak, .mean, .slip_energy. With `window_s`: per stretch of that length from each episode's start, keys
// FEATURE.window.contact (share of its frames in contact), .peak, .mean, .slip_energy. Usage error for a feature that
// is not numeric; kInput, with episode and frame, for a value that is not finite.
struct ContactLabels {
  ContactLevels levels;
  int64_t num_contacts = 0;
  std::vector<Label> labels;
};
ContactLabels LabelContacts(const Dataset& dataset, const std::string& feature, const ContactOptions& options,
                            std::optional<double> window_s, const std::string& when);
std::string ContactAuthor(const std::string& feature);  // "contact:FEATURE"

}  // namespace heddle::data
