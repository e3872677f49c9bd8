#include "heddle/mixture/sheet/terms.h"

#include <algorithm>
#include <map>

#include "heddle/core/text.h"

namespace heddle::mixture {
namespace {

const std::vector<std::string>& KnownLicenses() {
  static const std::vector<std::string> names = {"own",
                                                 "CC0-1.0",
                                                 "CC-BY-4.0",
                                                 "CC-BY-3.0",
                                                 "CC-BY-SA-4.0",
                                                 "CC-BY-NC-4.0",
                                                 "CC-BY-NC-SA-4.0",
                                                 "CC-BY-ND-4.0",
                                                 "CC-BY-NC-ND-4.0",
                                                 "PDDL-1.0",
                                                 "ODC-By-1.0",
                                                 "ODbL-1.0",
                                                 "CDLA-Permissive-1.0",
                                                 "CDLA-Permissive-2.0",
                                                 "CDLA-Sharing-1.0",
                                                 "MIT",
                                                 "Apache-2.0",
                                                 "BSD-2-Clause",
                                                 "BSD-3-Clause",
                                                 "ISC",
                                                 "0BSD",
                                                 "Unlicense",
                                                 "MPL-2.0",
                                                 "GPL-2.0-only",
                                                 "GPL-2.0-or-later",
                                                 "GPL-3.0-only",
                                                 "GPL-3.0-or-later",
                                                 "AGPL-3.0-only",
                                                 "AGPL-3.0-or-later",
                                                 "LGPL-2.1-only",
                                                 "LGPL-2.1-or-later",
                                                 "LGPL-3.0-only",
                                                 "LGPL-3.0-or-later"};
  return names;
}

// CC-BY[-NC][-SA|-ND]-<1.0 to 4.0>.
LicenseTerms CreativeCommons(const std::string& license) {
  static const std::vector<std::string> versions = {"1.0", "2.0", "2.5", "3.0", "4.0"};
  LicenseTerms terms;
  std::string rest = license.substr(5);
  const auto take = [&rest](const std::string& part) {
    if (!rest.starts_with(part)) return false;
    rest = rest.substr(part.size());
    return true;
  };
  terms.attribution = true;
  terms.non_commercial = take("-NC");
  terms.share_alike = take("-SA");
  terms.no_derivatives = !terms.share_alike && take("-ND");
  terms.is_known = take("-") && std::ranges::find(versions, rest) != versions.end();
  return terms.is_known ? terms : LicenseTerms{};
}

bool IsDrawn(const SheetSource& source) { return source.weight != 0.0; }

SheetFinding Unknown(const Sheet& sheet, const SheetSource& source) {
  const bool said = source.license == "unknown";
  const std::string use = SheetUseNames()[static_cast<size_t>(sheet.use)];
  SheetFinding finding{"license-unknown",
                       sheet.use == SheetUse::kResearch ? FindingLevel::kWarning : FindingLevel::kRefused,
                       sheet.PlaceOf(source, "license"), "", "find out, and write own or the SPDX identifier"};
  finding.what = "source " + source.name + ": ";
  finding.what += said ? "its license is not known" : "'" + source.license + "' is no license that is known here";
  if (sheet.use != SheetUse::kResearch) finding.what += ", and the use is " + use;
  if (!said) finding.mend = SuggestName(source.license, KnownLicenses());
  return finding;
}

}  // namespace

LicenseTerms TermsOf(const std::string& license) {
  if (license.starts_with("CC-BY")) return CreativeCommons(license);
  const auto& known = KnownLicenses();
  if (std::ranges::find(known, license) == known.end()) return {};
  LicenseTerms terms;
  terms.is_known = true;
  const bool free =
      license == "own" || license == "CC0-1.0" || license == "PDDL-1.0" || license == "0BSD" || license == "Unlicense";
  terms.attribution = !free;
  terms.share_alike = license == "ODbL-1.0" || license == "CDLA-Sharing-1.0" || license == "MPL-2.0" ||
                      license.find("GPL") != std::string::npos;
  return terms;
}

std::string SheetTerms::Text() const {
  std::vector<std::string> parts;
  if (!strictest.is_known) parts.push_back("unknown");
  if (strictest.non_commercial) parts.push_back("non-commercial");
  if (strictest.no_derivatives) parts.push_back("no derivatives");
  if (strictest.share_alike) parts.push_back("share alike");
  if (strictest.attribution) parts.push_back("attribution");
  return parts.empty() ? "none" : Join(parts, ", ");
}

SheetTerms TermsOf(const Sheet& sheet) {
  SheetTerms terms;
  terms.strictest.is_known = true;
  for (const SheetSource& source : sheet.sources) {
    if (!IsDrawn(source)) continue;
    const LicenseTerms own = TermsOf(source.license);
    terms.strictest.is_known &= own.is_known;
    terms.strictest.attribution |= own.attribution;
    terms.strictest.share_alike |= own.share_alike;
    terms.strictest.non_commercial |= own.non_commercial;
    terms.strictest.no_derivatives |= own.no_derivatives;
    if (std::ranges::find(terms.licenses, source.license) == terms.licenses.end()) {
      terms.licenses.push_back(source.license);
    }
  }
  return terms;
}

std::vector<SheetFinding> ReviewTerms(const Sheet& sheet) {
  std::vector<SheetFinding> findings;
  for (const SheetSource& source : sheet.sources) {
    if (!IsDrawn(source)) continue;
    const LicenseTerms terms = TermsOf(source.license);
    if (!terms.is_known) {
      findings.push_back(Unknown(sheet, source));
      continue;
    }
    const bool no_trade = sheet.use == SheetUse::kCommercial && terms.non_commercial;
    const bool no_release = sheet.use == SheetUse::kRelease && terms.no_derivatives;
    if (!no_trade && !no_release) continue;
    findings.push_back({"license-forbids", FindingLevel::kRefused, sheet.PlaceOf(source, "license"),
                        "source " + source.name + ": " + source.license + " forbids " +
                            (no_trade ? "commercial use" : "releasing what is derived from it"),
                        "leave the source out, or ask its owner"});
  }
  const SheetTerms terms = TermsOf(sheet);
  const LicenseTerms& strictest = terms.strictest;
  if (strictest.attribution || strictest.non_commercial || strictest.no_derivatives || strictest.share_alike) {
    findings.push_back(
        {"terms", FindingLevel::kNote, sheet.file, "what is trained on all of this is bound to: " + terms.Text(), ""});
  }
  return findings;
}

}  // namespace heddle::mixture
