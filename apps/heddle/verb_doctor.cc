#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/heddle/doctor.h"
#include "apps/heddle/verb.h"
#include "heddle/core/json.h"

namespace heddle::cli {
namespace {

using Json = nlohmann::ordered_json;

Json CodecsOf(const MachineFacts& facts) {
  Json codecs = Json::object();
  for (const data::CodecSupport& codec : facts.codecs) {
    codecs[codec.codec] = {{"reads", codec.reads}, {"writes", codec.writes}};
  }
  return codecs;
}

// Empty texts where nothing can be rendered.
Json RenderingOf(const sim::RenderingSupport& rendering) {
  const sim::GlFacts& facts = rendering.facts;
  return {{"available", rendering.available},
          {"platform", facts.platform},
          {"vendor", facts.vendor},
          {"renderer", facts.renderer},
          {"version", facts.version}};
}

void PrintJson(const MachineFacts& facts, const std::vector<Check>& checks, bool whole, std::ostream& out) {
  Json list = Json::array();
  for (const Check& check : checks) {
    list.push_back(
        {{"name", check.name}, {"status", StatusName(check.status)}, {"found", check.found}, {"mend", check.mend}});
  }
  out << DumpJson({{"ok", whole},
                   {"checks", list},
                   {"cores", facts.cores},
                   {"threads", facts.cores},
                   {"memory_bytes", facts.memory_bytes},
                   {"memory_free_bytes", facts.memory_free_bytes},
                   {"disk_free_bytes", facts.disk_free_bytes},
                   {"instruction_set", InstructionSetName(facts.instruction_set)},
                   {"torch",
                    {{"version", facts.torch_loaded},
                     {"built_with", facts.torch_built},
                     {"path", facts.torch_path},
                     {"cuda", facts.torch_cuda},
                     {"devices", facts.cuda_devices}}},
                   {"video", {{"libavcodec", facts.ffmpeg}, {"codecs", CodecsOf(facts)}}},
                   {"rendering", RenderingOf(facts.rendering)},
                   {"pages", facts.toy_page}},
                  2)
      << "\n";
}

void PrintText(const std::vector<Check>& checks, bool whole, std::ostream& out) {
  constexpr size_t kNameWidth = 14, kStatusWidth = 6;
  const auto padded = [](std::string text, size_t width) { return text.append(width - text.size(), ' '); };
  for (const Check& check : checks) {
    out << padded(StatusName(check.status), kStatusWidth) << padded(check.name, kNameWidth) << check.found << "\n";
    if (!check.mend.empty()) out << std::string(kStatusWidth + kNameWidth, ' ') << "-> " << check.mend << "\n";
  }
  out << (whole ? "\nAll that this build needs is here.\n" : "\nSomething that this build needs is lacking.\n");
}

int RunDoctor(bool json, const Console& console) {
  const MachineFacts facts = LookAtThisMachine();
  const std::vector<Check> checks = Judge(facts);
  const auto lacks = [](const Check& check) { return check.status == CheckStatus::kLack; };
  const bool whole = std::none_of(checks.begin(), checks.end(), lacks);
  if (json) {
    PrintJson(facts, checks, whole, console.out);
  } else {
    PrintText(checks, whole, console.out);
  }
  return whole ? kExitDone : kExitAnswerIsNo;
}

VerbRun Add(CLI::App& app) {
  const auto json = std::make_shared<bool>(false);
  AddJsonFlag(app, *json);
  return [json](const Console& console) { return RunDoctor(*json, console); };
}

}  // namespace

Verb DoctorVerb() {
  return {.name = "doctor",
          .group = VerbGroup::kCheck,
          .reads = "the machine",
          .leaves = "what it has and lacks for this build, and how to mend that",
          .about =
              "Says what this machine has and lacks for this build of Heddle, and how to mend each lack. Exit code 3 "
              "if something is lacking.",
          .example = "heddle doctor",
          .add = Add};
}

}  // namespace heddle::cli
