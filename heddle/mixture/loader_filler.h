// Puts one batch together: rows' numbers, flags, labels and instructions, and the list of pictures that are needed.
#pragma once

#include <memory>
#include <vector>

#include "heddle/mixture/batch_buffers.h"
#include "heddle/mixture/bound_source.h"
#include "heddle/mixture/frame_source.h"
#include "heddle/mixture/row_store.h"
#include "heddle/mixture/sample_order.h"

namespace heddle::mixture {

class BatchFiller {
 public:
  // What it refers to must outlive it.
  BatchFiller(const Layout& layout, const std::vector<BoundSource>& sources, const std::vector<int32_t>& domains,
              const Vocabulary& vocabulary, RowStore& rows);

  // Origins and which pictures are present or pad, grey for those that are missing; gives the pictures to be made.
  std::vector<FrameRequest> Begin(int64_t step, const std::vector<Sample>& samples, BatchBuffers& buffers) const;
  // Everything else of a row.
  void FillRow(int64_t row, const Sample& sample, BatchBuffers& buffers) const;

 private:
  void BeginCamera(size_t camera, int64_t row, const Sample& sample, BatchBuffers& buffers,
                   std::vector<FrameRequest>& requests) const;
  void FillNumbers(size_t feature, int64_t row, const Sample& sample, const EpisodeRows& rows,
                   BatchBuffers& buffers) const;

  const Layout& layout_;
  const std::vector<BoundSource>& sources_;
  const std::vector<int32_t>& domains_;
  const Vocabulary& vocabulary_;
  RowStore& rows_;
  std::vector<std::vector<int64_t>> number_steps_, camera_steps_;  // as the layout's lists
};

}  // namespace heddle::mixture
