// An episode of any dataset that can be read, recorded again.
#pragma once

#include <cstdint>

#include "heddle/data/dataset.h"
#include "heddle/data/dataset_writer.h"

namespace heddle::data {

// Adds all frames of the episode to a writer whose options are WriterOptions::Like of the dataset's info; saving it is
// left to the caller. Numbers, texts, annotations, embedded pictures' files and depth codes are taken over as they are;
// pictures of RGB videos are decoded and encoded again.
void CopyEpisode(const Dataset& from, int64_t episode, DatasetWriter& to);

}  // namespace heddle::data
