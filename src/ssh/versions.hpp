#pragma once

#include <string>

namespace labctl::ssh {

// The versions of the libraries that the program runs with, for example "1.11.1" and "3.0.17".
std::string libssh2_version();
std::string openssl_version();

}  // namespace labctl::ssh
