#include "cli/consul_token.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace labctl::cli {
namespace {

std::string value_of(const Environment& given, const char* name) {
  const char* value = given(name);
  return value == nullptr ? "" : value;
}

// A line break in a header's value would begin another header.
Secret header_value(const std::string& token, std::string_view variable) {
  const auto usual = [](unsigned char c) { return c > ' ' && c < 0x7f; };
  if (!std::all_of(token.begin(), token.end(), usual)) {
    throw Error(Kind::invalid, "the token has white space or control characters", std::string(variable),
                "set it to a token of Consul, or unset it");
  }
  return Secret(token);
}

}  // namespace

Secret consul_token(const Environment& given) {
  constexpr const char* by_file = "CONSUL_HTTP_TOKEN_FILE";
  constexpr const char* by_value = "CONSUL_HTTP_TOKEN";
  if (const auto file = value_of(given, by_file); !file.empty()) {
    if (const auto token = trim(read_file(file)); !token.empty()) return header_value(token, by_file);
  }
  return header_value(value_of(given, by_value), by_value);
}

inventory::Inventory with_consul_token(inventory::Inventory inventory, const Environment& given) {
  inventory.consul_token = consul_token(given);
  return inventory;
}

}  // namespace labctl::cli
