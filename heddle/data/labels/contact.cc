#include "heddle/data/labels/contact.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/data/dataset.h"

namespace heddle::data {
namespace {

constexpr double kRestQuantile = 0.05, kTopQuantile = 0.995;
constexpr double kNoiseTimes = 8, kRangeShare = 0.1;
constexpr double kMedianOfNormal = 0.67448975;  // of |x|, x standard normal

// Of the lower neighbour; `values` is reordered.
double Quantile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<size_t>(at)];
}

int64_t FramesIn(double seconds, double fps) { return std::llround(std::min(seconds * fps, 1e15)); }

std::string ShortNumber(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

struct Stream {
  std::vector<double> values_TD;
  std::vector<double> force;  // norm of each frame
};

Stream ReadStream(const Dataset& dataset, const Feature& feature, const Episode& episode) {
  const contract::Array array = dataset.ReadNumbers(feature.name, episode.index);
  const int64_t dims = feature.num_values();
  Stream stream{array.ToDoubles(), {}};
  for (int64_t frame = 0; frame < episode.length; ++frame) {
    double square = 0;
    for (int64_t d = 0; d < dims; ++d) {
      const double value = stream.values_TD[static_cast<size_t>(frame * dims + d)];
      square += value * value;
    }
    if (!std::isfinite(square)) {
      ThrowInput(feature.name + " is not finite in episode " + std::to_string(episode.index) + " frame " +
                     std::to_string(frame),
                 (dataset.root() / episode.data_file).string(), "heddle data audit shows all such values");
    }
    stream.force.push_back(std::sqrt(square));
  }
  return stream;
}

class LabelMaker {
 public:
  LabelMaker(std::string feature, std::string when) : feature_(std::move(feature)), when_(std::move(when)) {}

  void Add(int64_t episode, ContactSpan span, const std::string& key, std::string value) {
    labels_.push_back({episode, span.from_frame, span.to_frame, LabelLevel::kContact, feature_ + "." + key,
                       std::move(value), ContactAuthor(feature_), when_});
  }
  void AddSummary(int64_t episode, ContactSpan span, const std::string& prefix, const ForceSummary& summary) {
    Add(episode, span, prefix + "peak", ShortNumber(summary.peak));
    Add(episode, span, prefix + "mean", ShortNumber(summary.mean));
    Add(episode, span, prefix + "slip_energy", ShortNumber(summary.slip_energy));
  }
  std::vector<Label> Take() { return std::move(labels_); }

 private:
  std::string feature_, when_;
  std::vector<Label> labels_;
};

int64_t FramesShared(ContactSpan a, ContactSpan b) {
  return std::max<int64_t>(0, std::min(a.to_frame, b.to_frame) - std::max(a.from_frame, b.from_frame));
}

void CheckOptions(const ContactOptions& options, std::optional<double> window_s) {
  const auto positive = [](double value) { return std::isfinite(value) && value > 0; };
  if (options.threshold && !positive(*options.threshold)) {
    ThrowUsage("the threshold must be a positive force", "--threshold");
  }
  if (window_s && !positive(*window_s)) ThrowUsage("windows must be longer than 0 s", "--window");
  HEDDLE_DEMAND(options.release_share >= 0 && options.release_share <= 1);
}

}  // namespace

std::string ContactAuthor(const std::string& feature) { return "contact:" + feature; }

ContactLevels FindContactLevels(std::span<const std::vector<double>> force_of_episodes, const ContactOptions& options) {
  ContactLevels levels;
  if (options.threshold) {
    levels.on = *options.threshold;
  } else {
    std::vector<double> all, steps;
    for (const auto& force : force_of_episodes) {
      all.insert(all.end(), force.begin(), force.end());
      for (size_t i = 1; i < force.size(); ++i) steps.push_back(std::abs(force[i] - force[i - 1]));
    }
    levels.rest = Quantile(all, kRestQuantile);
    const double noise = Quantile(steps, 0.5) / (kMedianOfNormal * std::sqrt(2.0));
    levels.on = levels.rest + std::max(kNoiseTimes * noise, kRangeShare * (Quantile(all, kTopQuantile) - levels.rest));
  }
  levels.off = levels.rest + options.release_share * (levels.on - levels.rest);
  return levels;
}

std::vector<ContactSpan> FindContacts(std::span<const double> force, const ContactLevels& levels, double fps,
                                      const ContactOptions& options) {
  std::vector<ContactSpan> contacts;
  bool touching = false;
  const auto length = static_cast<int64_t>(force.size());
  for (int64_t frame = 0; frame < length; ++frame) {
    const double f = force[static_cast<size_t>(frame)];
    if (!touching && f > levels.on) {
      const bool joins = !contacts.empty() && frame - contacts.back().to_frame < FramesIn(options.min_gap_s, fps);
      if (!joins) contacts.push_back({frame, frame});
      touching = true;
    } else if (touching && f < levels.off) {
      touching = false;
    }
    if (touching) contacts.back().to_frame = frame + 1;
  }
  std::erase_if(contacts, [&](const ContactSpan& span) {
    return span.to_frame - span.from_frame < FramesIn(options.min_contact_s, fps);
  });
  return contacts;
}

ForceSummary Summarise(std::span<const double> stream_TD, int64_t dims, ContactSpan frames, double fps,
                       const ContactOptions& options) {
  HEDDLE_DEMAND(frames.from_frame < frames.to_frame);
  const int64_t half_most = std::max<int64_t>(1, FramesIn(options.smooth_s, fps));
  const auto value = [&](int64_t t, int64_t d) { return stream_TD[static_cast<size_t>(t * dims + d)]; };
  ForceSummary summary;
  for (int64_t t = frames.from_frame; t < frames.to_frame; ++t) {
    const int64_t half = std::min({half_most, t - frames.from_frame, frames.to_frame - 1 - t});
    double square = 0;
    for (int64_t d = 0; d < dims; ++d) {
      double sum = 0;
      for (int64_t s = t - half; s <= t + half; ++s) sum += value(s, d);
      const double rest = value(t, d) - sum / static_cast<double>(2 * half + 1);
      summary.slip_energy += rest * rest / fps;
      square += value(t, d) * value(t, d);
    }
    summary.peak = std::max(summary.peak, std::sqrt(square));
    summary.mean += std::sqrt(square);
  }
  summary.mean /= static_cast<double>(frames.to_frame - frames.from_frame);
  return summary;
}

ContactLabels LabelContacts(const Dataset& dataset, const std::string& name, const ContactOptions& options,
                            std::optional<double> window_s, const std::string& when) {
  CheckOptions(options, window_s);
  const Feature& feature = dataset.info().Require(name);
  if (feature.kind != FeatureKind::kNumeric) {
    ThrowUsage("'" + name + "' is no feature of numbers", dataset.root().string());
  }
  const double fps = dataset.info().fps;
  const int64_t dims = feature.num_values();
  std::vector<std::vector<double>> forces;
  for (const Episode& episode : dataset.episodes()) forces.push_back(ReadStream(dataset, feature, episode).force);
  ContactLabels result{FindContactLevels(forces, options), 0, {}};
  LabelMaker maker(name, when);
  for (const Episode& episode : dataset.episodes()) {
    const Stream stream = ReadStream(dataset, feature, episode);
    const auto contacts = FindContacts(stream.force, result.levels, fps, options);
    result.num_contacts += static_cast<int64_t>(contacts.size());
    const auto summary = [&](ContactSpan span) { return Summarise(stream.values_TD, dims, span, fps, options); };
    if (!window_s) {
      for (const ContactSpan& span : contacts) {
        maker.Add(episode.index, span, "contact", "yes");
        maker.AddSummary(episode.index, span, "", summary(span));
      }
      continue;
    }
    const int64_t step = std::max<int64_t>(1, FramesIn(*window_s, fps));
    for (int64_t from = 0; from < episode.length; from += step) {
      const ContactSpan window{from, std::min(episode.length, from + step)};
      int64_t touched = 0;
      for (const ContactSpan& span : contacts) touched += FramesShared(window, span);
      const double share = static_cast<double>(touched) / static_cast<double>(window.to_frame - window.from_frame);
      maker.Add(episode.index, window, "window.contact", ShortNumber(share));
      maker.AddSummary(episode.index, window, "window.", summary(window));
    }
  }
  result.labels = maker.Take();
  return result;
}

}  // namespace heddle::data
