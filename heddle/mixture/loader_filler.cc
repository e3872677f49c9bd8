#include "heddle/mixture/loader_filler.h"

#include <algorithm>
#include <cstring>

namespace heddle::mixture {
namespace {

constexpr uint8_t kMissingPixel = 127;

}  // namespace

BatchFiller::BatchFiller(const Layout& layout, const std::vector<BoundSource>& sources,
                         const std::vector<int32_t>& domains, const Vocabulary& vocabulary, RowStore& rows)
    : layout_(layout), sources_(sources), domains_(domains), vocabulary_(vocabulary), rows_(rows) {
  for (const NumericLayout& feature : layout.numbers) number_steps_.push_back(layout.Steps(feature.name));
  for (const CameraLayout& camera : layout.cameras) camera_steps_.push_back(layout.Steps(camera.name));
}

std::vector<FrameRequest> BatchFiller::Begin(int64_t step, const std::vector<Sample>& samples,
                                             BatchBuffers& buffers) const {
  buffers.batch.step = step;
  std::vector<FrameRequest> requests;
  for (size_t row = 0; row < samples.size(); ++row) {
    const Sample& sample = samples[row];
    const int32_t domain = domains_[static_cast<size_t>(sample.source)];
    buffers.batch.origins[row] = {sample.source, domain, sample.episode, sample.frame};
    for (size_t camera = 0; camera < layout_.cameras.size(); ++camera) {
      BeginCamera(camera, static_cast<int64_t>(row), sample, buffers, requests);
    }
  }
  return requests;
}

void BatchFiller::BeginCamera(size_t camera, int64_t row, const Sample& sample, BatchBuffers& buffers,
                              std::vector<FrameRequest>& requests) const {
  const BoundSource& source = sources_[static_cast<size_t>(sample.source)];
  const std::vector<int64_t>& steps = camera_steps_[camera];
  const size_t bytes = PictureBytes(layout_.cameras[camera]);
  const bool is_present = source.cameras[camera] != nullptr;
  const int64_t last = source.LengthOf(sample.episode) - 1;
  *buffers.picture_is_present(camera, row) = is_present;
  for (size_t time = 0; time < steps.size(); ++time) {
    const int64_t frame = sample.frame + steps[time], nearest = std::clamp<int64_t>(frame, 0, last);
    buffers.picture_is_pad(camera, row)[time] = frame != nearest;
    uint8_t* out = buffers.pictures(camera, row) + time * bytes;
    if (!is_present) {
      std::memset(out, kMissingPixel, bytes);
      continue;
    }
    requests.push_back(
        {sample.source, static_cast<int32_t>(camera), sample.episode, source.timeline.NearestTo(nearest), out, -1, 0});
  }
}

void BatchFiller::FillNumbers(size_t feature, int64_t row, const Sample& sample, const EpisodeRows& rows,
                              BatchBuffers& buffers) const {
  const std::vector<int64_t>& steps = number_steps_[feature];
  const int64_t size = layout_.numbers[feature].size();
  const float* from = rows.values[feature].data();
  for (size_t time = 0; time < steps.size(); ++time) {
    const int64_t frame = sample.frame + steps[time], nearest = std::clamp<int64_t>(frame, 0, rows.length - 1);
    std::copy_n(from + nearest * size, size, buffers.numbers(feature, row) + static_cast<int64_t>(time) * size);
    buffers.is_pad(feature, row)[time] = frame != nearest;
  }
  const std::vector<uint8_t>& present = sources_[static_cast<size_t>(sample.source)].rows[feature].is_present();
  std::ranges::transform(present, buffers.is_present(feature, row), [](uint8_t flag) { return flag != 0; });
}

void BatchFiller::FillRow(int64_t row, const Sample& sample, BatchBuffers& buffers) const {
  const BoundSource& source = sources_[static_cast<size_t>(sample.source)];
  const auto rows = rows_.Get(sample.source, sample.episode);
  for (size_t feature = 0; feature < layout_.numbers.size(); ++feature) {
    FillNumbers(feature, row, sample, *rows, buffers);
  }
  std::vector<int64_t> conditions(vocabulary_.num_keys());
  rows->conditions.At(source.timeline.LastBefore(sample.frame), conditions);
  buffers.SetConditions(row, conditions);
  const auto task = static_cast<size_t>(rows->tasks[static_cast<size_t>(sample.frame)]);
  const std::string& text = source.dataset().tasks()[task];
  buffers.batch.tasks[static_cast<size_t>(row)] = text.empty() ? source.source->map.default_instruction : text;
}

}  // namespace heddle::mixture
