#pragma once

#include <concepts>
#include <exception>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// How a should reports its result: check() and check_equal(). A mismatch is CheckFailed and makes the should
// *failed*; every other exception makes it *errored*.
namespace labctl::runner {

struct Mismatch {
  std::string expected;
  std::string seen;
  std::string where;  // node, container or file; may be empty

  bool operator==(const Mismatch&) const = default;
};

class CheckFailed : public std::exception {
public:
  CheckFailed(std::string expected, std::string seen, std::string where = {});

  const char* what() const noexcept override { return text_.c_str(); }
  const Mismatch& mismatch() const noexcept { return mismatch_; }

private:
  Mismatch mismatch_;
  std::string text_;
};

// Another app has something that the scenario needs exclusively, such as its domain. Thrown by given or
// because, it makes the scenario *unable*, because answers could not be attributed to the app under test.
class Occupied : public std::exception {
public:
  explicit Occupied(std::string by) : text_(std::move(by)) {}

  const char* what() const noexcept override { return text_.c_str(); }

private:
  std::string text_;
};

// A value as text for the user: "text" in quotes, "nothing" for an empty list, "none" for an absent value.
std::string describe(std::string_view text);
// Only for bool: otherwise a string literal would convert to bool.
template <std::same_as<bool> T>
std::string describe(T value) {
  return value ? "yes" : "no";
}
template <std::integral T>
requires(!std::same_as<T, bool>) std::string describe(T value) { return std::to_string(value); }
// For our types with a member text().
template <typename T>
requires requires(const T& value) {
  { value.text() } -> std::convertible_to<std::string>;
}
std::string describe(const T& value) { return value.text(); }
template <typename T>
std::string describe(const std::optional<T>& value);
template <typename T, typename U>
std::string describe(const std::pair<T, U>& pair);
template <typename T>
std::string describe(const std::vector<T>& list);
template <typename T>
std::string describe(const std::set<T>& list);
template <typename T, typename U>
std::string describe(const std::map<T, U>& map);

std::string join_described(const std::vector<std::string>& parts);

template <typename T>
std::string describe(const std::optional<T>& value) {
  return value ? describe(*value) : "none";
}
template <typename T, typename U>
std::string describe(const std::pair<T, U>& pair) {
  return describe(pair.first) + ": " + describe(pair.second);
}
template <typename Range>
std::string describe_range(const Range& range) {
  std::vector<std::string> parts;
  for (const auto& item : range) parts.push_back(describe(item));
  return join_described(parts);
}
template <typename T>
std::string describe(const std::vector<T>& list) {
  return describe_range(list);
}
template <typename T>
std::string describe(const std::set<T>& list) {
  return describe_range(list);
}
template <typename T, typename U>
std::string describe(const std::map<T, U>& map) {
  return describe_range(map);
}

template <typename T, typename U>
void check_equal(const T& seen, const U& expected, std::string_view where = {}) {
  if (seen == expected) return;
  throw CheckFailed(describe(expected), describe(seen), std::string(where));
}

// For conditions that are not a comparison of two values.
void check(bool holds, std::string_view expected, std::string_view seen, std::string_view where = {});

}  // namespace labctl::runner
