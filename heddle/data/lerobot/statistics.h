// Statistics of an episode and of a dataset, as LeRobot defines them.
//
// Of numbers: per dimension of the last axis, over frames and all other axes. Quantiles are exact (linear between the
// two nearest order statistics); LeRobot's own come from histograms of 5000 bins, so the two agree within a bin's
// width. Of pictures: per channel on 0..1, over frames that are sampled evenly and, where a side has 300 pixels or
// more, over every n-th pixel of every n-th row.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "heddle/contract/array.h"
#include "heddle/contract/statistics.h"

namespace heddle::data {

// `values` is [T, ...], T >= 1, any type, finite; `count` becomes T.
contract::FeatureStatistics NumberStatistics(const contract::Array& values);

// Pictures of 8 bits by how often each level occurs in each channel.
using LevelCounts = std::array<int64_t, 256>;
contract::FeatureStatistics LevelStatistics(std::span<const LevelCounts> channels, int64_t num_frames);

// The frames of an episode that its pictures' statistics are made of: all up to 100, then length^0.75, at least 100 and
// at most 10000, evenly spread from the first to the last.
std::vector<int64_t> SampledFrames(int64_t length);
// Every how many pixels and rows a picture is looked at.
int64_t PictureStride(int64_t height, int64_t width);

// Joins the statistics of an episode to those of all before it: extremes of extremes, mean and std weighted by count,
// quantiles as the weighted mean of the episodes' (approximate, as LeRobot has it). Doing so episode by episode is what
// makes a dataset's statistics, so that they are the same bits however often recording was broken off.
void AddStatistics(const contract::Statistics& episode, contract::Statistics& dataset);

}  // namespace heddle::data
