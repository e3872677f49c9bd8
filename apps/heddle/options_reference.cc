// Prints docs/reference/options.md: every key of every verb's options. A test compares, and
// `cmake --build build/dev --target options_reference` writes it anew.
#include <iostream>

#include "apps/heddle/verb.h"

int main() {
  std::cout
      << "# Options\n\nEvery key that an options file (`--options FILE`, YAML) and `--set KEY=VALUE` take. Made from "
         "the code; a key that is not here is an error.\n";
  for (const heddle::cli::Verb& verb : heddle::cli::AllVerbs()) {
    if (verb.reference) std::cout << "\n" << verb.reference();
  }
  return std::cout.flush() ? 0 : 1;
}
