#include "heddle/wire/value.h"

#include <algorithm>
#include <array>

namespace heddle::wire {
namespace {

// In the order of the variant.
constexpr std::array<const char*, std::variant_size_v<Value::Tree>> kKindNames = {
    "nil",   "a bool", "an integer", "an integer", "a number",      "a text",
    "bytes", "a list", "a map",      "an array",   "a NumPy scalar"};

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

double ToDouble(const NumpyScalar& scalar) {
  return std::visit([](auto number) { return static_cast<double>(number); }, scalar.number);
}

}  // namespace

Value::Value(Bytes bytes) : tree_(std::move(bytes)) {}
Value::Value(List list) : tree_(std::move(list)) {}
Value::Value(Map map) : tree_(std::move(map)) {}

const Value* Value::Find(std::string_view key) const {
  const Map* map = Get<Map>();
  if (!map) return nullptr;
  const auto found = std::ranges::find_if(*map, [&](const Entry& e) { return !e.key.is_bin && e.key.text == key; });
  return found == map->end() ? nullptr : &found->value;
}

void Value::Set(std::string_view key, Value value) {
  if (std::holds_alternative<std::monostate>(tree_)) tree_ = Map();
  Map* map = std::get_if<Map>(&tree_);
  HEDDLE_DEMAND(map);
  const auto found = std::ranges::find_if(*map, [&](const Entry& e) { return !e.key.is_bin && e.key.text == key; });
  if (found != map->end()) {
    found->value = std::move(value);
  } else {
    map->push_back({std::string(key), std::move(value)});
  }
}

std::optional<double> Value::Number() const {
  return std::visit(Overloaded{[](int64_t number) -> std::optional<double> { return static_cast<double>(number); },
                               [](uint64_t number) -> std::optional<double> { return static_cast<double>(number); },
                               [](double number) -> std::optional<double> { return number; },
                               [](const NumpyScalar& scalar) -> std::optional<double> { return ToDouble(scalar); },
                               [](const contract::Array& array) {
                                 return array.size() == 1 ? std::optional<double>(array.At(0)) : std::nullopt;
                               },
                               [](const auto&) -> std::optional<double> { return std::nullopt; }},
                    tree_);
}

const char* Value::KindName() const { return kKindNames[tree_.index()]; }

bool operator==(const Value& a, const Value& b) { return a.tree_ == b.tree_; }

}  // namespace heddle::wire
