// Which packets of a video file make which frame. No FFmpeg here: order and arithmetic only.
//
// A packet is one coded picture as it lies in the file, in decode order. A frame's number is its rank by presentation
// time among the packets that are shown; packets that an edit list hides have none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace heddle::data {

struct CodedPacket {
  int64_t position = 0;      // of its bytes in the file
  int64_t presentation = 0;  // time in the stream's ticks
  int32_t num_bytes = 0;
  int32_t frame = -1;  // its number; -1 if it is hidden
  bool is_key = false;
  bool is_hidden = false;
};

class PacketIndex {
 public:
  PacketIndex() = default;
  // From packets in decode order, of which all but `frame` is set.
  explicit PacketIndex(std::vector<CodedPacket> packets);

  int32_t num_packets() const { return static_cast<int32_t>(packets_.size()); }
  int64_t num_frames() const { return static_cast<int64_t>(packet_of_frame_.size()); }
  int64_t num_keyframes() const { return num_keyframes_; }
  // How many pictures a decoder must hold back to give them in presentation order.
  int reorder_depth() const { return reorder_depth_; }
  // Whether pictures anywhere are shown before a keyframe that they are decoded after.
  bool has_open_groups() const { return has_open_groups_; }

  const CodedPacket& packet(int32_t index) const { return packets_[static_cast<size_t>(index)]; }
  int32_t PacketOf(int64_t frame) const { return packet_of_frame_[static_cast<size_t>(frame)]; }
  // The packet at which decoding must begin so that `frame` comes out right: the last key packet that is neither
  // decoded nor shown after it (pictures shown before a keyframe that they are decoded after may need the one before);
  // -1 if there is none.
  int32_t StartOf(int64_t frame) const { return start_of_frame_[static_cast<size_t>(frame)]; }
  int64_t PresentationOf(int64_t frame) const { return packet(PacketOf(frame)).presentation; }

  size_t MemoryBytes() const;

 private:
  void NumberFrames();
  void FindStarts();
  void MeasureReordering();

  std::vector<CodedPacket> packets_;
  std::vector<int32_t> packet_of_frame_, start_of_frame_;
  int64_t num_keyframes_ = 0;
  int reorder_depth_ = 0;
  bool has_open_groups_ = false;
};

}  // namespace heddle::data
