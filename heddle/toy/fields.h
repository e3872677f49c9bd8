// What the score looks like at one input: arrows over the plane of outputs, the trained net's beside the optimum's.
#pragma once

#include <vector>

namespace heddle::toy {

class Sweep;
struct NetKey;

// The plane of outputs on which fields are drawn: `side` values along u and along v.
struct FieldAxes {
  std::vector<float> u, v;
};
FieldAxes MakeFieldAxes();

// Two numbers an output point (u runs fastest); each field divided by its own largest length.
struct Field {
  double signal = 0;
  std::vector<float> net, optimum;
};
struct FieldsAtPoint {
  float xy[2] = {0, 0};
  bool covered = false;
  std::vector<Field> levels;
};

// The fields of a trained net at one covered and one out-of-distribution input, at a few signal levels.
std::vector<FieldsAtPoint> MakeFields(const Sweep& sweep, const NetKey& key);

}  // namespace heddle::toy
