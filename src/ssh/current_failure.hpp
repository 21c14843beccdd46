#pragma once

#include "ssh/failure.hpp"

#include <string>

namespace labctl::ssh {

// For `catch (...)`: the exception that is being handled. Anything but a Failure becomes Cause::local_failed
// for `where`.
Failure current_failure(const std::string& where);

}  // namespace labctl::ssh
