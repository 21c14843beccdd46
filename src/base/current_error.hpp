#pragma once

#include "base/error.hpp"

namespace labctl {

// The exception that is being handled, as an Error: for `catch (...)` at boundaries (main, a thread's
// function, a loop that must continue). Exceptions of the standard library and others (filesystem_error, json
// errors, system_error, bad_alloc) become Error{system} with their text. Call it only while an exception is
// being handled.
Error current_error();

}  // namespace labctl
