#include "base/error.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

namespace labctl {

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::usage:
      return "usage";
    case Kind::invalid:
      return "invalid";
    case Kind::not_found:
      return "not-found";
    case Kind::conflict:
      return "conflict";
    case Kind::unreachable:
      return "unreachable";
    case Kind::refused:
      return "refused";
    case Kind::timeout:
      return "timeout";
    case Kind::unavailable:
      return "unavailable";
    case Kind::interrupted:
      return "interrupted";
    case Kind::lab:
      return "lab";
    case Kind::system:
      return "system";
  }
  return "system";
}

Error::Error(Kind kind, const std::string& what, std::string where, std::string hint)
    : std::runtime_error(what), kind_(kind), where_(std::move(where)), hint_(std::move(hint)) {}

std::string Error::line() const {
  std::string line = where_.empty() ? std::string(what()) : where_ + ": " + what();
  if (!hint_.empty()) line += " (" + hint_ + ")";
  return line;
}

Error system_error(std::string_view what, std::string where, std::string hint) {
  const int code = errno;
  return {Kind::system, std::string(what) + ": " + std::strerror(code), std::move(where), std::move(hint)};
}

}  // namespace labctl
