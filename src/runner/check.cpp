#include "runner/check.hpp"

#include "base/text.hpp"

namespace labctl::runner {

CheckFailed::CheckFailed(std::string expected, std::string seen, std::string where)
    : mismatch_{std::move(expected), std::move(seen), std::move(where)},
      text_("expected " + mismatch_.expected + ", seen " + mismatch_.seen +
            (mismatch_.where.empty() ? "" : " (" + mismatch_.where + ")")) {}

std::string describe(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string join_described(const std::vector<std::string>& parts) {
  return parts.empty() ? "nothing" : join(parts, ", ");
}

void check(bool holds, std::string_view expected, std::string_view seen, std::string_view where) {
  if (!holds) throw CheckFailed(std::string(expected), std::string(seen), std::string(where));
}

}  // namespace labctl::runner
