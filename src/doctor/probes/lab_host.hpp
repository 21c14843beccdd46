#pragma once

#include "doctor/observations.hpp"

#include <string>
#include <string_view>

namespace labctl::doctor {

// Whether the kernel has a file system, from /proc/filesystems and the list of modules that it could load
// (modules.dep and modules.builtin).
bool has_file_system(std::string_view filesystems, std::string_view modules, const std::string& name);

// The interface that `ip -json route get ADDRESS` names; "" if it names none.
std::string interface_of_route(std::string_view json);

}  // namespace labctl::doctor
