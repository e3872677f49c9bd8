// What a gripper's dimension says: its range and its ends.
#pragma once

#include <span>
#include <string>

namespace heddle::data::audit {

// By the words that robots' makers use: gripper, finger, jaw, claw.
bool IsGripperName(const std::string& dimension);

// The range that the values fill, snapped to the usual ones: "0..1", "-1..1", "0..100", "0..0.08 m", else "low..high".
std::string GripperRange(double low, double high);

}  // namespace heddle::data::audit
