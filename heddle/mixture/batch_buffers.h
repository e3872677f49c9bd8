// The memory of one batch, made once and filled again and again: pinned where there is a GPU, so that it is copied
// there without a detour.
#pragma once

#include <cstdint>
#include <vector>

#include "heddle/contract/batch.h"
#include "heddle/mixture/conditions.h"
#include "heddle/mixture/layout.h"

namespace heddle::mixture {

class BatchBuffers {
 public:
  BatchBuffers(const Layout& layout, const Vocabulary& vocabulary, int64_t rows);

  contract::Batch batch;

  // One row of a feature (place in layout.numbers): T x D numbers, T flags, D flags.
  float* numbers(size_t feature, int64_t row) { return At(numbers_[feature].values, row); }
  bool* is_pad(size_t feature, int64_t row) { return At(numbers_[feature].is_pad, row); }
  bool* is_present(size_t feature, int64_t row) { return At(numbers_[feature].is_present, row); }
  // One row of a camera (place in layout.cameras): T x H x W x 3 bytes, T flags, 1 flag.
  uint8_t* pictures(size_t camera, int64_t row) { return At(pictures_[camera].values, row); }
  bool* picture_is_pad(size_t camera, int64_t row) { return At(pictures_[camera].is_pad, row); }
  bool* picture_is_present(size_t camera, int64_t row) { return At(pictures_[camera].is_present, row); }
  // One row of conditions, key by key in the vocabulary's order.
  void SetConditions(int64_t row, const std::vector<int64_t>& indices);

 private:
  template <class T>
  struct Rows {
    T* data = nullptr;
    int64_t stride = 0;
  };
  template <class T>
  static T* At(const Rows<T>& rows, int64_t row) {
    return rows.data + row * rows.stride;
  }
  template <class T>
  struct Feature {
    Rows<T> values;
    Rows<bool> is_pad, is_present;
  };

  std::vector<Feature<float>> numbers_;
  std::vector<Feature<uint8_t>> pictures_;
  std::vector<int64_t*> conditions_;
};

// What one takes, without making it. Usage error if it is more than 2^40 bytes.
size_t BatchBytes(const Layout& layout, int64_t rows);

}  // namespace heddle::mixture
