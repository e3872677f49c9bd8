// kitchen_stand_ins DIR: writes the stand-ins of recipes/kitchen.yaml.
#include <cstdio>
#include <exception>

#include "heddle/mixture/test/kitchen_stand_ins.h"

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("kitchen_stand_ins DIR\n", stderr);
    return 2;
  }
  try {
    heddle::mixture::WriteKitchenStandIns(arguments[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "kitchen_stand_ins: %s\n", error.what());
    return 1;
  }
  return 0;
}
