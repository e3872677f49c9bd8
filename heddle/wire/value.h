// A tree of what the openpi protocol carries: msgpack's types, NumPy arrays and NumPy scalars.
//
//   Value observation = Map{{"observation/state", Array::Of<float>(state, {8})}, {"prompt", "pick up the block"}};
//   const Value* actions = reply.Find("actions");
//   if (const contract::Array* array = actions ? actions->Get<contract::Array>() : nullptr) ...
//
// A Value is a value: copies are deep, and it may go to any thread.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "heddle/contract/array.h"

namespace heddle::wire {

class Value;
struct Entry;
using Bytes = std::vector<std::byte>;
using List = std::vector<Value>;
using Map = std::vector<Entry>;  // in the order of the message; no key twice

// Of a map: text, or bytes, which NumPy's arrays are marked with.
struct Key {
  Key(const char* key) : text(key) {}
  Key(std::string key, bool bin = false) : text(std::move(key)), is_bin(bin) {}
  std::string text;
  bool is_bin = false;

  friend auto operator<=>(const Key&, const Key&) = default;
};

// What numpy.float32(0.5) or numpy.int64(3) is packed as: a number with a NumPy type. The number is the one that was
// sent (a float16 is a double here); an integer is in the range of its type.
struct NumpyScalar {
  contract::DType dtype = contract::DType::kF64;
  std::variant<bool, int64_t, uint64_t, double> number = 0.0;  // uint64_t only where int64_t can't hold it

  friend bool operator==(const NumpyScalar&, const NumpyScalar&) = default;
};

class Value {
 public:
  // uint64_t only where int64_t can't hold the number, so that equal numbers are equal Values.
  using Tree = std::variant<std::monostate, bool, int64_t, uint64_t, double, std::string, Bytes, List, Map,
                            contract::Array, NumpyScalar>;

  Value() = default;  // nil
  Value(bool flag) : tree_(flag) {}
  template <std::integral T>
  Value(T number) : tree_(static_cast<int64_t>(number)) {
    if (std::cmp_greater(number, INT64_MAX)) tree_ = static_cast<uint64_t>(number);
  }
  Value(double number) : tree_(number) {}
  Value(const char* text) : tree_(std::string(text)) {}
  Value(std::string text) : tree_(std::move(text)) {}
  Value(Bytes bytes);
  Value(List list);
  Value(Map map);
  Value(contract::Array array) : tree_(std::move(array)) {}
  Value(NumpyScalar scalar) : tree_(scalar) {}

  // The content if it is of this type, else null.
  template <class T>
  const T* Get() const {
    return std::get_if<T>(&tree_);
  }
  // Of a map, the value of the text key; null where there is none, or this is no map.
  const Value* Find(std::string_view key) const;
  // Sets the text key of a map, at its place or at the end. A nil becomes a map; anything else is DEMANDed not to be.
  void Set(std::string_view key, Value value);
  // Any number: integer, double, NumPy scalar, array of one item.
  std::optional<double> Number() const;

  const Tree& tree() const { return tree_; }
  // For messages: "nil", "a text", "an array", ...
  const char* KindName() const;

  friend bool operator==(const Value&, const Value&);

 private:
  Tree tree_;
};

struct Entry {
  Key key;
  Value value;

  friend bool operator==(const Entry&, const Entry&) = default;
};

}  // namespace heddle::wire
