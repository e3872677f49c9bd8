#include "heddle/core/yaml_document.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>

#include "heddle/core/error.h"

namespace heddle {
namespace {

using Kind = YamlNode::Kind;

// Builds the tree from the parser's events. Only the innermost open node grows, so the pointers to the others hold.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const YamlSource& source) : source_(source) {}

  void OnDocumentStart(const YAML::Mark& mark) override { start_ = mark; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { Add(Kind::kNull, mark, ""); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    ThrowUsage("aliases are not taken", source_.Place(mark.line + 1), "write the value out");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& value) override {
    Add(Kind::kScalar, mark, tag).text = value;
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open_.push_back(&Add(Kind::kList, mark, tag));
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, YAML::EmitterStyle::value) override {
    open_.push_back(&Add(Kind::kMap, mark, tag));
  }
  void OnMapEnd() override { open_.pop_back(); }

  const YAML::Mark& start() const { return start_; }
  YamlNode TakeRoot() { return std::move(root_); }

 private:
  YamlNode& Add(Kind kind, const YAML::Mark& mark, const std::string& tag) {
    YamlNode& node = open_.empty() ? root_ : open_.back()->items.emplace_back();
    node = {kind, "", tag, mark.line + 1, {}};
    return node;
  }

  const YamlSource& source_;
  YAML::Mark start_;
  YamlNode root_;
  std::vector<YamlNode*> open_;
};

// Behind the document nothing may follow. What does is another document or, where the parser came to a standstill, text
// that belongs nowhere.
void RequireEnd(YAML::Parser& parser, std::string_view text, const YamlSource& source) {
  TreeBuilder rest(source);
  if (!parser.HandleNextDocument(rest)) return;
  const std::string place = source.Place(rest.start().line + 1);
  const std::string_view found = text.substr(std::min(text.size(), static_cast<size_t>(rest.start().pos)));
  if (found.starts_with("---")) ThrowUsage("there are several documents", place, "keep one");
  ThrowUsage("this is not YAML: '" + std::string(found.substr(0, 1)) + "' is out of place", place);
}

}  // namespace

YamlNode ParseYaml(std::string_view text, const YamlSource& source) {
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    TreeBuilder builder(source);
    if (parser.HandleNextDocument(builder)) RequireEnd(parser, text, source);
    return builder.TakeRoot();
  } catch (const YAML::Exception& error) {
    const std::string place = error.mark.line < 0 ? source.name : source.Place(error.mark.line + 1);
    ThrowUsage("this is not YAML: " + error.msg, place);
  }
}

}  // namespace heddle
