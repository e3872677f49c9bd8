// Event files as TensorBoard reads them: scalars by step.
//
// The format: TFRecord frames (length, masked CRC-32C of it, data, masked CRC-32C of that) around Event messages of
// protocol buffers, of which only step, wall time and scalar summaries are needed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace heddle::train {

class TensorBoardLog {
 public:
  // A new file in the folder, named by the time, as TensorBoard wants it. kSystem if it can't be written.
  TensorBoardLog(const std::filesystem::path& folder, double wall_time_s);

  void Scalar(std::string_view name, double value, int64_t step, double wall_time_s);
  void Flush();

 private:
  void Write(const std::string& event);

  std::filesystem::path file_;
  std::ofstream out_;
};

// CRC-32C (Castagnoli), and as TFRecord masks it.
uint32_t Crc32c(std::string_view bytes);
uint32_t MaskedCrc32c(std::string_view bytes);

}  // namespace heddle::train
