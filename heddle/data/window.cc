#include "heddle/data/window.h"

#include <algorithm>
#include <cmath>

#include "heddle/core/error.h"
#include "heddle/core/text.h"

namespace heddle::data {
namespace {

// Rows of `values` ([length, ...]) gathered into [T, ...], or one of them without the T.
contract::Array Gather(const contract::Array& values, const std::vector<int64_t>& rows, bool stacked) {
  contract::Shape shape(values.shape().begin() + 1, values.shape().end());
  const size_t row_bytes = static_cast<size_t>(contract::NumItems(shape)) * ItemSize(values.dtype());
  if (stacked) shape.insert(shape.begin(), static_cast<int64_t>(rows.size()));
  contract::Array out(values.dtype(), shape);
  for (size_t i = 0; i < rows.size(); ++i) {
    if (row_bytes == 0) break;
    std::memcpy(out.bytes().data() + i * row_bytes, values.bytes().data() + static_cast<size_t>(rows[i]) * row_bytes,
                row_bytes);
  }
  return out;
}

}  // namespace

std::vector<int64_t> DeltaFrames(const std::string& feature, const std::vector<double>& deltas_s, double fps,
                                 double tolerance_s) {
  std::vector<int64_t> frames;
  for (const double delta_s : deltas_s) {
    const double nearest = std::nearbyint(delta_s * fps);
    if (!(std::abs(delta_s * fps - nearest) <= tolerance_s * fps) || std::abs(nearest) > 1e9) {
      ThrowUsage(
          "a delta of " + FormatDouble(delta_s) + " s is no whole number of frames at " + FormatDouble(fps) + " fps",
          feature, "the nearest one is " + FormatDouble(std::round(nearest / fps * 1e6) / 1e6) + " s");
    }
    frames.push_back(static_cast<int64_t>(nearest));
  }
  return frames;
}

WindowRows RowsAround(int64_t frame, int64_t length, const std::vector<int64_t>& deltas) {
  WindowRows window;
  for (const int64_t delta : deltas) {
    const int64_t row = frame + delta;
    window.rows.push_back(std::clamp<int64_t>(row, 0, length - 1));
    window.is_pad.push_back(row < 0 || row >= length);
  }
  return window;
}

WindowReader::WindowReader(const Dataset& dataset, WindowSpec spec)
    : dataset_(dataset), spec_(std::move(spec)), pictures_(dataset) {
  for (const auto& [feature, deltas_s] : spec_.deltas_s) {
    if (deltas_s.empty()) ThrowUsage("no deltas are given", feature);
    if (IsBookkeeping(dataset.info().Require(feature).name)) {
      ThrowUsage("every window says its episode and frame: this feature takes no deltas", feature);
    }
    deltas_[feature] = DeltaFrames(feature, deltas_s, dataset.info().fps, spec_.tolerance_s);
  }
}

contract::Window WindowReader::Read(int64_t episode, int64_t frame) {
  const int64_t length = dataset_.episode(episode).length;
  if (frame < 0 || frame >= length) {
    ThrowUsage("episode " + std::to_string(episode) + " has no frame " + std::to_string(frame),
               dataset_.root().string(), "frames are 0 to " + std::to_string(length - 1));
  }
  contract::Window window;
  window.episode = episode;
  window.frame = frame;
  window.task = dataset_.ReadTasks(episode)[static_cast<size_t>(frame)];
  for (const Feature& feature : dataset_.info().features) {
    if (IsBookkeeping(feature.name)) continue;
    const auto deltas = deltas_.find(feature.name);
    const bool stacked = deltas != deltas_.end();
    const WindowRows rows = RowsAround(frame, length, stacked ? deltas->second : std::vector<int64_t>{0});
    if (stacked) window.is_pad[feature.name] = rows.is_pad;
    if (!feature.is_camera()) {
      ReadColumn(feature, rows, stacked, window);
    } else if (spec_.pictures) {
      ReadPictures(feature, rows, stacked, window);
    }
  }
  return window;
}

void WindowReader::ReadColumn(const Feature& feature, const WindowRows& rows, bool stacked,
                              contract::Window& window) const {
  if (feature.kind == FeatureKind::kNumeric) {
    window.values[feature.name] = Gather(dataset_.ReadNumbers(feature.name, window.episode), rows.rows, stacked);
  } else if (feature.kind == FeatureKind::kText) {
    const auto texts = dataset_.ReadTexts(feature.name, window.episode);
    for (const int64_t row : rows.rows) window.texts[feature.name].push_back(texts[static_cast<size_t>(row)]);
  } else {
    const auto lists = dataset_.ReadLanguage(feature.name, window.episode);
    for (const int64_t row : rows.rows) window.texts[feature.name].push_back(lists[static_cast<size_t>(row)].dump());
  }
}

void WindowReader::ReadPictures(const Feature& feature, const WindowRows& rows, bool stacked,
                                contract::Window& window) {
  std::vector<contract::Array> pictures;
  for (const int64_t row : rows.rows) pictures.push_back(pictures_.Read(feature.name, window.episode, row));
  contract::Shape shape = pictures.front().shape();
  shape.insert(shape.begin(), static_cast<int64_t>(pictures.size()));
  contract::Array all(pictures.front().dtype(), shape);
  size_t at = 0;
  for (const contract::Array& picture : pictures) {
    std::memcpy(all.bytes().data() + at, picture.bytes().data(), picture.bytes().size());
    at += picture.bytes().size();
  }
  window.values[feature.name] = stacked ? std::move(all) : std::move(pictures.front());
}

}  // namespace heddle::data
