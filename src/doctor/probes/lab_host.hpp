#pragma once

#include "doctor/observations.hpp"

#include <string>
#include <string_view>

namespace labctl::doctor {

// The interface that `ip -json route get ADDRESS` names; "" if it names none.
std::string interface_of_route(std::string_view json);

}  // namespace labctl::doctor
