#include "ssh/current_failure.hpp"

#include "base/current_error.hpp"

namespace labctl::ssh {

Failure current_failure(const std::string& where) {
  try {
    throw;
  } catch (const Failure& failure) {
    return failure;
  } catch (...) {
    const Error error = current_error();
    return {Cause::local_failed, error.what(), error.where().empty() ? where : error.where(), error.hint()};
  }
}

}  // namespace labctl::ssh
