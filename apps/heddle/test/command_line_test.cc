#include "apps/heddle/command_line.h"

#include <gmock/gmock.h>

#include <sstream>

#include "heddle/core/error.h"

namespace heddle::cli {
namespace {

using ::testing::HasSubstr;

struct SpinFlags {
  int64_t seed = 1;
  double rate = 0;
  bool json = false;
};

// A command line with the verbs `spin` (--seed, --rate, --json) and `weave` (needs THREAD).
CommandLine LoomLine() {
  const auto add_spin = [](CLI::App& app) -> VerbRun {
    const auto flags = std::make_shared<SpinFlags>();
    app.add_option("--seed", flags->seed, "of all chance");
    app.add_option("--rate", flags->rate, "turns a second");
    AddJsonFlag(app, flags->json);
    return [flags](const Console& console) {
      console.out << "spun with seed " << flags->seed << "\n";
      return kExitAnswerIsNo;
    };
  };
  const auto add_weave = [](CLI::App& app) -> VerbRun {
    const auto thread = std::make_shared<std::string>();
    app.add_option("THREAD", *thread, "what is woven")->required();
    return [thread](const Console& console) {
      console.out << "woven with " << *thread << "\n";
      return kExitDone;
    };
  };
  return CommandLine({{.name = "spin",
                       .group = VerbGroup::kTheory,
                       .reads = "wool",
                       .leaves = "a thread",
                       .about = "Spins. It does so for as long as there is wool.",
                       .example = "heddle spin --seed 2",
                       .add = add_spin},
                      {.name = "weave",
                       .group = VerbGroup::kBeside,
                       .reads = "threads",
                       .leaves = "cloth",
                       .about = "Weaves.",
                       .example = "heddle weave red",
                       .add = add_weave}});
}

struct Outcome {
  int code = -1;
  std::string out, error;
};

Outcome RunLine(const std::vector<std::string>& arguments) {
  CommandLine line = LoomLine();
  std::ostringstream out, err;
  Outcome outcome;
  try {
    outcome.code = line.Run(arguments, {out, err});
  } catch (const Error& error) {
    outcome.code = error.exit_code();
    outcome.error = error.what();
  }
  outcome.out = out.str();
  EXPECT_EQ(err.str(), "");
  return outcome;
}

TEST(CommandLine, AVerbRunsWithItsFlagsAndItsExitCodeIsPassedOn) {
  const Outcome outcome = RunLine({"spin", "--seed", "7", "--json"});
  EXPECT_EQ(outcome.code, kExitAnswerIsNo);
  EXPECT_EQ(outcome.out, "spun with seed 7\n");
}

TEST(CommandLine, AVerbRunsWithItsArguments) {
  const Outcome outcome = RunLine({"weave", "red"});
  EXPECT_EQ(outcome.code, kExitDone);
  EXPECT_EQ(outcome.out, "woven with red\n");
}

TEST(CommandLine, HelpIsAMapOfAllVerbsByGroup) {
  const Outcome outcome = RunLine({"--help"});
  EXPECT_EQ(outcome.code, kExitDone);
  EXPECT_THAT(outcome.out, HasSubstr("\ntheory\n  spin   wool -> a thread\n\nbeside\n  weave  threads -> cloth\n"));
  EXPECT_THAT(outcome.out, HasSubstr("Exit codes: 0 done, 1 it failed, 2 called wrongly, 3 "));
}

TEST(CommandLine, HelpOfAVerbHasItsFlagsAndAnExample) {
  const Outcome outcome = RunLine({"spin", "--help"});
  EXPECT_EQ(outcome.code, kExitDone);
  EXPECT_THAT(outcome.out, HasSubstr("Usage: heddle spin"));
  EXPECT_THAT(outcome.out, HasSubstr("of all chance"));
  EXPECT_THAT(outcome.out, HasSubstr("Example:\n  heddle spin --seed 2"));
}

TEST(CommandLine, AMistypedVerbGetsTheNearest) {
  EXPECT_EQ(RunLine({"sipn"}).error, "there is no verb 'sipn' (did you mean 'spin'?)");
  EXPECT_EQ(RunLine({"weav", "--seed", "3"}).error, "there is no verb 'weav' (did you mean 'weave'?)");
  EXPECT_EQ(RunLine({"sell"}).error, "there is no verb 'sell' (one of: spin, weave)");
  EXPECT_EQ(RunLine({}).error, "no verb is given (heddle --help shows them all)");
  EXPECT_EQ(RunLine({"sipn"}).code, kExitCalledWrongly);
}

TEST(CommandLine, AMistypedFlagGetsTheNearest) {
  EXPECT_EQ(RunLine({"spin", "--sed", "7"}).error, "spin: there is no flag '--sed' (did you mean '--seed'?)");
  EXPECT_EQ(RunLine({"spin", "--sed=7"}).error, "spin: there is no flag '--sed' (did you mean '--seed'?)");
  EXPECT_EQ(RunLine({"spin", "--Rate", "7"}).error, "spin: there is no flag '--Rate' (did you mean '--rate'?)");
  EXPECT_EQ(RunLine({"spin", "--colour"}).error,
            "spin: there is no flag '--colour' (heddle spin --help shows them all)");
  EXPECT_EQ(RunLine({"--hepl"}).error, "there is no flag '--hepl' (did you mean '--help'?)");
  // What the typo leaves out (THREAD is required) is not what is told.
  EXPECT_EQ(RunLine({"weave", "--hepl"}).error, "weave: there is no flag '--hepl' (did you mean '--help'?)");
}

TEST(CommandLine, WrongValuesAreToldInOneLine) {
  EXPECT_EQ(RunLine({"spin", "--seed", "many"}).error, "spin: --seed = many is not what this flag takes");
  EXPECT_EQ(RunLine({"spin", "--seed"}).error, "spin: --seed: 1 required INT missing");
  EXPECT_EQ(RunLine({"weave"}).error, "weave: THREAD is required");
  EXPECT_EQ(RunLine({"weave", "red", "blue"}).error, "weave: 'blue' is one argument too many");
  EXPECT_EQ(RunLine({"weave", "red", "spin"}).error, "weave: 'spin' is one argument too many");
  EXPECT_EQ(RunLine({"spin", "--json=3"}).code, kExitCalledWrongly);
}

TEST(CommandLine, JsonIsAskedForEvenWhenTheRestIsWrong) {
  EXPECT_TRUE(AsksForJson({"spni", "--json"}));
  EXPECT_FALSE(AsksForJson({"spin", "--", "--json"}));
  EXPECT_FALSE(AsksForJson({"spin"}));
}

TEST(CommandLine, TheRealVerbsAreComplete) {
  for (const Verb& verb : AllVerbs()) {
    EXPECT_FALSE(verb.reads.empty() || verb.leaves.empty() || verb.about.empty()) << verb.name;
    EXPECT_THAT(verb.example, HasSubstr("heddle " + verb.name)) << verb.name;
    EXPECT_LE(verb.reads.size() + verb.leaves.size(), 100u) << verb.name << ": one line of the map";
  }
}

}  // namespace
}  // namespace heddle::cli
