#pragma once

#include <nlohmann/json.hpp>

#include <optional>

// std::optional is written as null or as its value.
namespace nlohmann {

template <typename T>
struct adl_serializer<std::optional<T>> {
  template <typename Json>
  static void to_json(Json& out, const std::optional<T>& value) {
    if (value) {
      out = *value;
    } else {
      out = nullptr;
    }
  }
  template <typename Json>
  static void from_json(const Json& in, std::optional<T>& value) {
    if (in.is_null()) {
      value.reset();
    } else {
      value = in.template get<T>();
    }
  }
};

}  // namespace nlohmann
