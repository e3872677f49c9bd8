// All labels of a dataset, wherever they stand, and which of them hold at a frame.
//
//   const DatasetLabels labels = DatasetLabels::Of(dataset);
//   labels.At(episode, frame)["strategy"];                    // a look at one frame
//
//   const LabelTrack strategy = labels.Track("strategy");     // many looks at one key: conditions for training
//   strategy.values();                                        // {"fast pour", "safe pour"}
//   strategy.Ids(episode);                                    // {0, 0, 1, -1, ...}: one a frame
//
// They come from meta/heddle.json (of the dataset), meta/heddle/labels.parquet (heddle/data/labels/label_table.h) and
// the language columns (heddle/data/labels/language.h).
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "heddle/data/labels/label.h"

namespace heddle::data {

class Dataset;

// One key, interned. A value; const functions may be called from several threads.
class LabelTrack {
 public:
  // Ids are positions in `values`, which are sorted.
  const std::vector<std::string>& values() const { return values_; }
  // One a frame of the episode; -1 where it has no label of this key.
  std::vector<int32_t> Ids(int64_t episode) const;
  int32_t IdAt(int64_t episode, int64_t frame) const;

 private:
  friend class DatasetLabels;
  struct Run {
    int64_t from_frame;
    int32_t id;
  };
  std::vector<std::string> values_;
  std::vector<int64_t> lengths_;
  int32_t dataset_id_ = -1;
  std::map<int64_t, std::vector<Run>> runs_;  // of episodes that have labels of their own; the first is from frame 0
};

class DatasetLabels {
 public:
  // kInput, with file and label, for a table that is damaged or names frames that are not there.
  static DatasetLabels Of(const Dataset& dataset);
  // `place` names the dataset in errors.
  DatasetLabels(std::vector<Label> labels, std::vector<int64_t> episode_lengths, std::string place);

  const std::vector<Label>& All() const& { return labels_; }  // sorted; to_frame filled in
  void All() && = delete;                                     // it would dangle
  const std::vector<int64_t>& episode_lengths() const { return lengths_; }
  // Keys that a frame can have (those of notes are left out), sorted.
  std::vector<std::string> Keys() const;

  // key -> value at a frame. As Track, kInput where two values of a key are equally specific there.
  std::map<std::string, std::string> At(int64_t episode, int64_t frame) const;
  // Labels of one key and one episode below the dataset's, by frame.
  std::vector<Label> Spans(int64_t episode, std::string_view key) const;
  // Usage error, with the nearest right name, for a key that nothing has.
  LabelTrack Track(std::string_view key) const;

 private:
  std::span<const Label> OfEpisode(int64_t episode) const;
  std::vector<int32_t> Paint(int64_t episode, std::string_view key, std::span<const std::string> values) const;

  std::vector<Label> labels_;
  std::vector<int64_t> lengths_;
  std::string place_;
};

}  // namespace heddle::data
