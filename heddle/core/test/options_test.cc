#include "heddle/core/options.h"

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "heddle/core/error.h"
#include "heddle/core/random.h"

namespace heddle {
namespace {

using ::testing::HasSubstr;

enum class Schedule { kCosine, kLinear };

struct NetOptions {
  int64_t width = 128;
  double learning_rate = 1e-3;
  Schedule schedule = Schedule::kCosine;
  std::string activation = "relu";

  template <class V>
  void Visit(V& v) {
    v.Field("width", width, {.doc = "size of a hidden layer", .unit = "units", .min = 1, .max = 4096});
    v.Field("learning_rate", learning_rate, {.doc = "of Adam", .max = 1, .above = 0});
    v.Field("schedule", schedule, {.doc = "how the noise grows", .names = {"cosine", "linear"}});
    v.Field("activation", activation, {.doc = "between layers", .names = {"relu", "tanh"}});
  }
};

struct ToyOptions {
  int64_t steps = 6000;
  bool bias = true;
  double width_h = 0.15;
  std::string title = "toy";
  std::vector<double> w = {0.1, 0.5};
  std::vector<int64_t> seeds = {1, 2, 3};
  std::vector<std::string> tags;
  std::optional<double> share;
  NetOptions net;

  template <class V>
  void Visit(V& v) {
    v.Field("steps", steps, {.doc = "gradient steps", .unit = "steps", .min = 1, .max = 1e6});
    v.Field("bias", bias, {.doc = "whether layers have one"});
    v.Field("width_h", width_h, {.doc = "of the kernel | in latents", .unit = "1"});
    v.Field("title", title, {.doc = "on the page"});
    v.Field("w", w, {.doc = "how often the target is drawn", .min = 0, .max = 1, .min_items = 1});
    v.Field("seeds", seeds, {.doc = "one run each"});
    v.Field("tags", tags, {.doc = "free words"});
    v.Field("share", share, {.doc = "of the target, or found out", .min = 0, .max = 1});
    v.Group("net", net, "What is trained.");
  }
};

// The line that a wrong YAML text, --set or JSON text gives.
template <class F>
std::string ErrorOf(F&& act) {
  try {
    act();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage) << error.what();
    return error.what();
  }
  return "no error";
}

std::string YamlError(const std::string& text) {
  ToyOptions options;
  return ErrorOf([&] { ReadYaml(OptionTree::Of("toy", options), text, "run.yaml"); });
}

std::string SetError(const std::string& assignment) {
  ToyOptions options;
  return ErrorOf([&] { SetByPath(OptionTree::Of("toy", options), assignment); });
}

std::string JsonError(const std::string& text) {
  ToyOptions options;
  const auto json = nlohmann::ordered_json::parse(text);
  return ErrorOf([&] { FromJson(OptionTree::Of("toy", options), json, "run.json"); });
}

ToyOptions Set(const std::string& assignment) {
  ToyOptions options;
  SetByPath(OptionTree::Of("toy", options), assignment);
  return options;
}

TEST(Options, YamlSetsWhatItMentionsAndKeepsTheRest) {
  ToyOptions options;
  ReadYaml(OptionTree::Of("toy", options),
           "# a comment\n"
           "steps: 1e5\n"
           "w: [0.05, 1]\n"
           "title: \"12\"\n"
           "net:\n"
           "  schedule: linear\n"
           "  learning_rate: 3e-4\n",
           "run.yaml");
  EXPECT_EQ(options.steps, 100000);
  EXPECT_EQ(options.w, (std::vector<double>{0.05, 1}));
  EXPECT_EQ(options.title, "12");
  EXPECT_EQ(options.net.schedule, Schedule::kLinear);
  EXPECT_EQ(options.net.learning_rate, 3e-4);
  EXPECT_EQ(options.net.width, 128);
  EXPECT_TRUE(options.bias);
}

TEST(Options, EmptyYamlMeansDefaults) {
  for (const char* text : {"", "\n", "# only a comment\n", "---\n", "net:\n", "{}"}) {
    ToyOptions options;
    const OptionTree tree = OptionTree::Of("toy", options);
    const std::string before = WriteYaml(tree);
    ReadYaml(tree, text, "run.yaml");
    EXPECT_EQ(WriteYaml(tree), before) << text;
  }
}

TEST(Options, UnknownYamlKeyNamesLineAndNearestRightName) {
  EXPECT_EQ(YamlError("steps: 5\nnet:\n  lerning_rate: 1\n"),
            "run.yaml:3: there is no option 'net.lerning_rate' (did you mean 'net.learning_rate'?)");
  EXPECT_EQ(YamlError("Steps: 5"), "run.yaml:1: there is no option 'Steps' (did you mean 'steps'?)");
  EXPECT_EQ(YamlError("zzz: 5"),
            "run.yaml:1: there is no option 'zzz' (one of: steps, bias, width_h, title, w, seeds, tags, share, net)");
}

TEST(Options, KeyGivenTwiceNamesBothLines) {
  EXPECT_EQ(YamlError("steps: 5\nbias: true\nsteps: 6\n"),
            "run.yaml:3: steps is given twice (first on line 1) (keep one of them)");
  EXPECT_EQ(YamlError("net:\n  width: 1\n  width: 1\n"),
            "run.yaml:3: net.width is given twice (first on line 2) (keep one of them)");
}

TEST(Options, WrongTypesAreRefusedAndSayWhatIsNeeded) {
  EXPECT_EQ(YamlError("steps: many"), "run.yaml:1: steps is the text 'many' (it must be an integer)");
  EXPECT_EQ(YamlError("steps: 2.5"), "run.yaml:1: steps is 2.5 (it must be an integer)");
  EXPECT_EQ(YamlError("steps: \"5\""), "run.yaml:1: steps is the text '5' (it must be an integer)");
  EXPECT_EQ(YamlError("steps: [5]"), "run.yaml:1: steps is a list (it must be an integer)");
  EXPECT_EQ(YamlError("steps: {a: 5}"), "run.yaml:1: steps is a group of keys (it must be an integer)");
  EXPECT_EQ(YamlError("steps:"), "run.yaml:1: steps has no value (give one, or leave the key out)");
  EXPECT_EQ(YamlError("bias: yes"), "run.yaml:1: bias is the text 'yes' (it must be a truth value (true or false))");
  EXPECT_EQ(YamlError("bias: 1"), "run.yaml:1: bias is 1 (it must be a truth value (true or false))");
  EXPECT_EQ(YamlError("title: 5"), "run.yaml:1: title is 5 (it must be text)");
  EXPECT_EQ(YamlError("w: 0.1"), "run.yaml:1: w is 0.1 (it must be a list of numbers: [1st, 2nd, ...])");
  EXPECT_EQ(YamlError("w: [0.1, x]"), "run.yaml:1: w[1] is the text 'x' (w must be a list of numbers)");
  EXPECT_EQ(YamlError("w: [[0.1]]"), "run.yaml:1: w[0] is an empty list (w must be a list of numbers)");
  EXPECT_EQ(YamlError("seeds: [1, 1.5]"), "run.yaml:1: seeds[1] is 1.5 (seeds must be a list of integers)");
  EXPECT_EQ(YamlError("net: 5"),
            "run.yaml:1: net must be keys with values (one of: width, learning_rate, schedule, activation)");
  EXPECT_THAT(YamlError("just words"), HasSubstr("run.yaml:1: the options must be keys with values"));
  EXPECT_THAT(YamlError("[1, 2]"), HasSubstr("must be keys with values"));
}

TEST(Options, NumbersOutOfRangeOrNotFiniteAreRefused) {
  EXPECT_EQ(YamlError("\nsteps: 0"),
            "run.yaml:2: steps is 0 steps, which is out of range (it must lie in [1, 1000000])");
  EXPECT_EQ(YamlError("w: [0.5, 1.5]"), "run.yaml:1: w[1] is 1.5, which is out of range (it must lie in [0, 1])");
  EXPECT_EQ(YamlError("w: []"), "run.yaml:1: w has 0 values (give at least 1)");
  EXPECT_EQ(YamlError("net: {learning_rate: 0}"),
            "run.yaml:1: net.learning_rate is 0, which is out of range (it must lie in (0, 1])");
  EXPECT_EQ(YamlError("width_h: .nan"), "run.yaml:1: width_h is nan (give a finite number)");
  EXPECT_EQ(YamlError("width_h: -.inf"), "run.yaml:1: width_h is -inf (give a finite number)");
  EXPECT_EQ(YamlError("width_h: nan"), "run.yaml:1: width_h is the text 'nan' (it must be a number)");
  EXPECT_EQ(YamlError("width_h: 1e999"), "run.yaml:1: the number 1e999 is too large or too small");
  EXPECT_EQ(YamlError("steps: 99999999999999999999"),
            "run.yaml:1: steps is 1.0e+20 (it must be an integer of at most 64 bits, written in full)");
}

TEST(Options, NamesThatAreNotThereAreRefusedWithTheNearest) {
  EXPECT_EQ(YamlError("net: {schedule: cosin}"), "run.yaml:1: net.schedule can't be 'cosin' (did you mean 'cosine'?)");
  EXPECT_EQ(YamlError("net: {activation: gelu}"), "run.yaml:1: net.activation can't be 'gelu' (did you mean 'relu'?)");
  EXPECT_EQ(YamlError("net: {schedule: 1}"), "run.yaml:1: net.schedule is 1 (it must be one of: cosine, linear)");
}

TEST(Options, YamlThatIsBrokenSaysWhere) {
  EXPECT_THAT(YamlError("steps: [1, 2\nbias: true\n"), HasSubstr("run.yaml:2: this is not YAML: "));
  EXPECT_THAT(YamlError("steps: 5\n\tbias: true"), HasSubstr("this is not YAML"));
  EXPECT_EQ(YamlError("steps: 5\n---\nsteps: 6\n"), "run.yaml:2: there are several documents (keep one)");
  EXPECT_THAT(YamlError("steps: !!float 5"), HasSubstr("the tag tag:yaml.org,2002:float is not taken (leave it out)"));
  EXPECT_THAT(YamlError(std::string(100000, '[')), HasSubstr("this is not YAML"));
  EXPECT_EQ(YamlError("\nw: &a [*a]\n"), "run.yaml:2: aliases are not taken (write the value out)");
  EXPECT_EQ(YamlError(","), "run.yaml:1: this is not YAML: ',' is out of place");
  EXPECT_EQ(YamlError("steps: 5\nbias: true\n]\n"), "run.yaml:3: this is not YAML: illegal flow end");
  EXPECT_THAT(YamlError("<<: {steps: 5}"), HasSubstr("there is no option '<<'"));
}

TEST(Options, SetByPathTakesScalarsListsGroupsAndTheTreesOwnName) {
  EXPECT_EQ(Set("steps=7").steps, 7);
  EXPECT_EQ(Set("toy.steps=7").steps, 7);
  EXPECT_EQ(Set("share=0.25").share, .25);
  EXPECT_EQ(Set("share=auto").share, std::nullopt);
  EXPECT_THAT(ErrorOf([] { Set("share=automatic"); }), HasSubstr("must be a number, or auto"));
  EXPECT_THAT(ErrorOf([] { Set("share=2"); }), HasSubstr("out of range"));
  EXPECT_EQ(Set("w=[0.25, 1]").w, (std::vector<double>{0.25, 1}));
  EXPECT_EQ(Set("toy.net.schedule=linear").net.schedule, Schedule::kLinear);
  EXPECT_EQ(Set("title=a=b").title, "a=b");
  EXPECT_EQ(Set("title=\"\"").title, "");
  EXPECT_EQ(Set("width_h=-1.5e-3").width_h, -1.5e-3);
  EXPECT_EQ(Set("width_h=+.5").width_h, 0.5);
}

TEST(Options, SetByPathRefusesWithTheWholeAssignment) {
  EXPECT_EQ(SetError("toy.lerning_rate=1"),
            "--set toy.lerning_rate=1: there is no option 'lerning_rate' (did you mean 'net.learning_rate'?)");
  EXPECT_EQ(SetError("toy.net.lerning_rate=1"),
            "--set toy.net.lerning_rate=1: there is no option 'net.lerning_rate' (did you mean 'net.learning_rate'?)");
  EXPECT_EQ(SetError("nett.width=1"),
            "--set nett.width=1: there is no option 'nett.width' (did you mean 'net.width'?)");
  EXPECT_EQ(SetError("width=3"), "--set width=3: there is no option 'width' (did you mean 'net.width'?)");
  EXPECT_EQ(SetError("net=3"),
            "--set net=3: net is a group (set one of its options: width, learning_rate, schedule, activation)");
  EXPECT_EQ(SetError("steps"), "--set steps: this sets nothing (write --set PATH=VALUE)");
  EXPECT_EQ(SetError("steps="), "--set steps=: steps has no value (give one, or leave the key out)");
  EXPECT_EQ(SetError("w=[2]"), "--set w=[2]: w[0] is 2, which is out of range (it must lie in [0, 1])");
  EXPECT_EQ(SetError("steps.more=2"), "--set steps.more=2: steps is a value and not a group");
}

TEST(Options, JsonIsAsStrictAsYaml) {
  EXPECT_EQ(JsonError(R"({"steps": "5"})"), "run.json: steps is the text '5' (it must be an integer)");
  EXPECT_EQ(JsonError(R"({"steps": 18446744073709551615})"),
            "run.json: steps is 18446744073709551615 (it must be an integer of at most 64 bits, written in full)");
  EXPECT_EQ(JsonError(R"({"net": {"width": 5000}})"),
            "run.json: net.width is 5000 units, which is out of range (it must lie in [1, 4096])");
  EXPECT_EQ(JsonError(R"({"net": {"with": 5}})"),
            "run.json: there is no option 'net.with' (did you mean 'net.width'?)");
  EXPECT_EQ(JsonError(R"({"net": 5})"), "run.json: net must be an object");
  EXPECT_EQ(JsonError("[]"), "run.json: this must be an object (give the options of toy by key)");
  EXPECT_EQ(JsonError(R"({"w": [null]})"), "run.json: w[0] has no value (w must be a list of numbers)");
}

// Options with every field at random, texts hostile to YAML included.
ToyOptions RandomOptions(RandomStream& random) {
  static const std::vector<std::string> kTexts = {
      "",         "a b",   "null",   "true", "1.5", "0x10", "~",      "-",
      "- a",      "a: b",  "# no",   "'",    "\"",  "\\",   "\n\t\r", "é ☃ 😀",
      "\x01\x7f", "{a}",   "[",      "&a",   "*a",  "!t",   "%",      "@",
      "`",        " lead", "trail ", "yes",  "1e5", ".nan", "<<",     "a\u2028b\u0085c",
      "---",      "..."};
  const auto text = [&] { return kTexts[random.Below(kTexts.size())] + kTexts[random.Below(kTexts.size())]; };
  ToyOptions options;
  options.steps = 1 + static_cast<int64_t>(random.Below(1000000));
  options.bias = random.Below(2) == 1;
  options.width_h = random.Normal() * std::pow(10.0, static_cast<double>(random.Below(600)) - 300.0);
  options.title = text();
  options.w.assign(1 + random.Below(4), 0.0);
  for (double& w : options.w) w = random.Uniform();
  options.seeds.assign(random.Below(4), 0);
  for (int64_t& seed : options.seeds) seed = static_cast<int64_t>(random.NextBits64());
  options.tags.assign(random.Below(4), "");
  for (std::string& tag : options.tags) tag = text();
  if (random.Below(2) == 0) options.share = random.Uniform();
  options.net.learning_rate = 1.0 - random.Uniform();
  options.net.schedule = random.Below(2) == 1 ? Schedule::kLinear : Schedule::kCosine;
  options.net.activation = random.Below(2) == 1 ? "tanh" : "relu";
  return options;
}

TEST(Options, YamlAndJsonRoundTripsKeepEveryBit) {
  RandomStream random(1, "round trip");
  for (int i = 0; i < 500; ++i) {
    ToyOptions options = RandomOptions(random), by_yaml, by_json;
    const OptionTree tree = OptionTree::Of("toy", options);
    ReadYaml(OptionTree::Of("toy", by_yaml), WriteYaml(tree), "run.yaml");
    FromJson(OptionTree::Of("toy", by_json), nlohmann::ordered_json::parse(ToJson(tree).dump()));
    for (ToyOptions* copy : {&by_yaml, &by_json}) {
      EXPECT_EQ(copy->width_h, options.width_h);
      EXPECT_EQ(copy->title, options.title);
      EXPECT_EQ(copy->w, options.w);
      EXPECT_EQ(copy->seeds, options.seeds);
      EXPECT_EQ(copy->tags, options.tags);
      EXPECT_EQ(copy->share, options.share);
      EXPECT_EQ(Hash(OptionTree::Of("toy", *copy)), Hash(tree));
    }
  }
}

TEST(Options, TheSignOfZeroSurvives) {
  ToyOptions options, back;
  options.width_h = -0.0;
  ReadYaml(OptionTree::Of("toy", back), WriteYaml(OptionTree::Of("toy", options)), "run.yaml");
  EXPECT_TRUE(std::signbit(back.width_h));
}

// Whatever a file holds, it is read or refused by a usage error.
TEST(Options, HostileYamlIsReadOrRefused) {
  const ToyOptions defaults;
  ToyOptions options;
  const std::string good =
      WriteYaml(OptionTree::Of("toy", options)) + "tags: &a [x, 'y', \"z\\u0041\", |-\n  block\n]\n";
  const std::string alphabet = "[]{}:,-?&*!|>'\"%@`#~ \n\t\\\0\xff\x80.e+0a<=";
  RandomStream random(1, "hostile");
  for (int i = 0; i < 3000; ++i) {
    std::string text = good.substr(0, random.Below(good.size()) + 1);
    for (uint64_t edits = random.Below(6); edits > 0; --edits) {
      text.insert(random.Below(text.size() + 1),
                  std::string(1 + random.Below(3), alphabet[random.Below(alphabet.size())]));
    }
    options = defaults;
    EXPECT_NO_FATAL_FAILURE(ErrorOf([&] { ReadYaml(OptionTree::Of("toy", options), text, "run.yaml"); })) << text;
  }
  for (const char* deep : {"[", "{", "{a: ", "- ", "? ", "a:\n ", "!", "&a ", "\"", "[{", "|\n"}) {
    std::string text;
    for (int i = 0; i < 20000; ++i) text += deep;
    EXPECT_NE(YamlError(text), "no error") << deep;
  }
}

TEST(Options, YamlIsWrittenForPeople) {
  ToyOptions options;
  options.net.learning_rate = 1e-5;
  options.tags = {"a-b", "1"};
  EXPECT_EQ(WriteYaml(OptionTree::Of("toy", options)),
            "steps: 6000\nbias: true\nwidth_h: 0.15\ntitle: toy\nw: [0.1, 0.5]\nseeds: [1, 2, 3]\ntags: [a-b, "
            "\"1\"]\nshare: auto\n"
            "net:\n  width: 128\n  learning_rate: 1.0e-05\n  schedule: cosine\n  activation: relu\n");
}

TEST(Options, HashDependsOnEveryValueAndOnNothingElse) {
  ToyOptions defaults, same, other;
  ReadYaml(OptionTree::Of("toy", same), "w: [1.0e-1, 5e-1]\nsteps: 6.0e3\n", "run.yaml");
  other.net.width = 129;
  EXPECT_EQ(Hash(OptionTree::Of("toy", defaults)), Hash(OptionTree::Of("another name", same)));
  EXPECT_NE(Hash(OptionTree::Of("toy", defaults)), Hash(OptionTree::Of("toy", other)));
  // Runs of other versions and machines are compared by it: this value may change only with the fields above.
  EXPECT_EQ(Hash(OptionTree::Of("toy", defaults)), "ea83918e586855fbc2086481bf7a0941affa78d107099c8180ae828a3355cd6b");
}

TEST(Options, ValidateFindsWhatCodeAssignedWrongly) {
  ToyOptions options;
  options.w = {0.5, -1};
  EXPECT_EQ(ErrorOf([&] { Validate(OptionTree::Of("toy", options)); }),
            "toy.w[1] is -1, which is out of range (it must lie in [0, 1])");
  options.w = {NAN};
  EXPECT_EQ(ErrorOf([&] { Validate(OptionTree::Of("toy", options)); }), "toy.w[0] is nan (give a finite number)");
  options.w = {0.5};
  options.title = "\xff";
  EXPECT_EQ(ErrorOf([&] { Validate(OptionTree::Of("toy", options)); }), "toy.title is no UTF-8 text");
  options.title = "fine";
  EXPECT_NO_THROW(Validate(OptionTree::Of("toy", options)));
}

TEST(Options, MarkdownNamesTypeUnitRangeAndDefaultOfEveryKey) {
  ToyOptions options;
  options.steps = 1;  // the default is shown, not the value
  const std::string text = DescribeMarkdown(OptionTree::Of("toy", options));
  EXPECT_THAT(text, HasSubstr("## toy\n"));
  EXPECT_THAT(text, HasSubstr("| `steps` | integer | steps | [1, 1000000] | `6000` | gradient steps |\n"));
  EXPECT_THAT(text, HasSubstr("| `w` | list of numbers |  | [0, 1]; 1 or more | `[0.1, 0.5]` | how often"));
  EXPECT_THAT(text, HasSubstr("of the kernel \\| in latents"));
  EXPECT_THAT(text, HasSubstr("### toy.net\n\nWhat is trained.\n"));
  EXPECT_THAT(text, HasSubstr("| `schedule` | `cosine`, `linear` |  |  | `cosine` | how the noise grows |\n"));
  EXPECT_THAT(text, HasSubstr("| `learning_rate` | number |  | (0, 1] | `0.001` | of Adam |\n"));
}

struct WrongDefault {
  double rate = 2;
  template <class V>
  void Visit(V& v) {
    v.Field("rate", rate, {.doc = "too large", .max = 1});
  }
};

struct TwiceTheSameName {
  double a = 1, b = 1;
  template <class V>
  void Visit(V& v) {
    v.Field("a", a, {.doc = "one"});
    v.Field("a", b, {.doc = "two"});
  }
};

template <class T>
ErrorKind KindOfMaking() {
  T options;
  try {
    OptionTree::Of("wrong", options);
  } catch (const Error& error) {
    return error.kind();
  }
  return ErrorKind::kUsage;
}

TEST(Options, AStructThatContradictsItselfIsOurBug) {
  EXPECT_EQ(KindOfMaking<WrongDefault>(), ErrorKind::kBug);
  EXPECT_EQ(KindOfMaking<TwiceTheSameName>(), ErrorKind::kBug);
}

}  // namespace
}  // namespace heddle
