#pragma once

#include "base/error.hpp"

namespace labctl {

// For the boundaries (`catch (...)`: a program's main, a thread's function, a loop that has to go on): what
// is being handled, as an Error. What the standard library and others throw (filesystem_error, json errors,
// system_error, bad_alloc) becomes Error{system} with its words. Only while an exception is being handled.
Error current_error();

}  // namespace labctl
