#include "runner/every_step.hpp"

#include "base/error.hpp"
#include "runner/check.hpp"

#include <exception>
#include <string>

namespace labctl::runner {
namespace {

[[noreturn]] void rethrow_with(const std::exception_ptr& first, const std::string& later) {
  if (later.empty()) std::rethrow_exception(first);
  try {
    std::rethrow_exception(first);
  } catch (const CheckFailed& e) {
    const auto& mismatch = e.mismatch();
    throw CheckFailed(mismatch.expected, mismatch.seen + later, mismatch.where);
  } catch (const Error& e) {
    throw Error(e.kind(), e.what() + later, e.where(), e.hint());
  } catch (const std::exception& e) {
    throw Error(Kind::system, e.what() + later);
  }
}

}  // namespace

void run_every(const std::vector<std::function<void()>>& steps) {
  std::exception_ptr first;
  std::string later;
  const auto note = [&](const std::string& words) {
    if (first) {
      later += "\nand then: " + words;
    } else {
      first = std::current_exception();
    }
  };
  for (const auto& step : steps) {
    try {
      step();
    } catch (const Error& e) {
      if (e.kind() == Kind::interrupted) throw;
      note(e.line());
    } catch (const std::exception& e) {
      note(e.what());
    }
  }
  if (first) rethrow_with(first, later);
}

}  // namespace labctl::runner
