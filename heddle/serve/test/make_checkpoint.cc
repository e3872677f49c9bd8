// Saves a small checkpoint with random weights, for tests from outside: make_checkpoint FOLDER
// plain|labelled|pictures|panda
#include <iostream>
#include <string>

#include "heddle/serve/test/small_checkpoint.h"

int main(int argc, char** argv) {
  using heddle::serve::SmallPolicy;
  if (argc != 3) return 2;
  const std::string kind = argv[2];
  SmallPolicy small = SmallPolicy::OfStates(kind == "labelled");
  if (kind == "pictures") {
    small = SmallPolicy::Of(small.card.observation.numbers, small.card.action.names, true, false);
  } else if (kind == "panda") {
    small = SmallPolicy::OfPanda();
  }
  small.Save(argv[1]);
  std::cout << heddle::policy::LoadCheckpoint(argv[1]).hash << "\n";
  return 0;
}
