#pragma once

#include "ssh/failure.hpp"

#include <string>

namespace labctl::ssh {

// For `catch (...)`: what is being handled. What is no Failure becomes one of Cause::local_failed, about
// `where`.
Failure current_failure(const std::string& where);

}  // namespace labctl::ssh
