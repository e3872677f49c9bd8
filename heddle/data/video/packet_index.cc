#include "heddle/data/video/packet_index.h"

#include <algorithm>
#include <utility>

namespace heddle::data {

// No codec in use holds back more pictures than that.
constexpr size_t kMaxReorderDepth = 16;

PacketIndex::PacketIndex(std::vector<CodedPacket> packets) : packets_(std::move(packets)) {
  NumberFrames();
  FindStarts();
  MeasureReordering();
}

void PacketIndex::NumberFrames() {
  for (int32_t i = 0; i < num_packets(); ++i)
    if (!packets_[static_cast<size_t>(i)].is_hidden) packet_of_frame_.push_back(i);
  std::stable_sort(packet_of_frame_.begin(), packet_of_frame_.end(),
                   [this](int32_t a, int32_t b) { return packet(a).presentation < packet(b).presentation; });
  int32_t number = 0;
  for (int32_t i : packet_of_frame_) packets_[static_cast<size_t>(i)].frame = number++;
}

void PacketIndex::FindStarts() {
  start_of_frame_.assign(packet_of_frame_.size(), -1);
  // Key packets passed so far that are shown before all later ones: times rise along it, so a search finds the last
  // that is shown no later than a packet.
  std::vector<int32_t> keys;
  const CodedPacket* last_key = nullptr;
  for (int32_t i = 0; i < num_packets(); ++i) {
    const CodedPacket& now = packet(i);
    if (now.is_key) {
      if (!now.is_hidden) ++num_keyframes_;
      while (!keys.empty() && packet(keys.back()).presentation >= now.presentation) keys.pop_back();
      keys.push_back(i);
      last_key = &now;
    }
    if (last_key && now.presentation < last_key->presentation) has_open_groups_ = true;
    if (now.is_hidden) continue;
    auto after = std::upper_bound(keys.begin(), keys.end(), now.presentation,
                                  [this](int64_t time, int32_t key) { return time < packet(key).presentation; });
    if (after != keys.begin()) start_of_frame_[static_cast<size_t>(now.frame)] = *(after - 1);
  }
}

void PacketIndex::MeasureReordering() {
  std::vector<int64_t> latest;  // the greatest times decoded so far, rising
  size_t depth = 0;
  for (const CodedPacket& now : packets_) {
    auto place = std::upper_bound(latest.begin(), latest.end(), now.presentation);
    depth = std::max(depth, static_cast<size_t>(latest.end() - place));
    latest.insert(place, now.presentation);
    if (latest.size() > kMaxReorderDepth) latest.erase(latest.begin());
  }
  reorder_depth_ = static_cast<int>(depth);
}

size_t PacketIndex::MemoryBytes() const {
  return packets_.capacity() * sizeof(CodedPacket) +
         (packet_of_frame_.capacity() + start_of_frame_.capacity()) * sizeof(int32_t);
}

}  // namespace heddle::data
