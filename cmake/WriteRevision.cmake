# cmake -D SOURCE=... -D OUTPUT=... -P WriteRevision.cmake
#
# Writes the git revision of the sources as a C++ source, at every build; a file that would not change is not
# touched. "unknown" outside a git checkout.
execute_process(COMMAND git -c "safe.directory=${SOURCE}" -C "${SOURCE}" rev-parse --short=12 HEAD
  OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE status ERROR_QUIET)
if(NOT status EQUAL 0)
  set(revision unknown)
endif()
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT [[
#include "cli/revision.hpp"

const char* const labctl::cli::revision = "@revision@";
]] @ONLY)
