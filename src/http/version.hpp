#pragma once

#include <string>

namespace labctl::http {

// The version of the libcurl that the program runs with, for example "7.88.1".
std::string libcurl_version();

}  // namespace labctl::http
