// Under which terms the datasets of a sheet may be used, and what a policy trained on them is bound to.
#pragma once

#include <string>
#include <vector>

#include "heddle/mixture/sheet/finding.h"
#include "heddle/mixture/sheet/sheet.h"

namespace heddle::mixture {

struct LicenseTerms {
  bool is_known = false;
  bool attribution = false, share_alike = false;        // what it asks for
  bool non_commercial = false, no_derivatives = false;  // what it forbids
};

// `own`, `unknown`, or an SPDX identifier, of which the usual ones for data and code are known: CC0, CC BY in all its
// kinds, PDDL, ODC-By, ODbL, CDLA, MIT, Apache, BSD, ISC, 0BSD, Unlicense, MPL, the GPLs.
LicenseTerms TermsOf(const std::string& license);

// The strictest of all, for the card: what any source of a weight above 0 (or auto) asks or forbids.
struct SheetTerms {
  std::vector<std::string> licenses;  // each once, in the sheet's order
  LicenseTerms strictest;

  std::string Text() const;  // "non-commercial, share alike, attribution"; "none" where there are none
};
SheetTerms TermsOf(const Sheet& sheet);

// An unknown license: a warning for research, refused for the other uses. Refused: for commercial use one that forbids
// it, for release one that forbids derivatives. A note: what the policy is bound to.
std::vector<SheetFinding> ReviewTerms(const Sheet& sheet);

}  // namespace heddle::mixture
