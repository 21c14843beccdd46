#include "ssh/versions.hpp"

#include <libssh2.h>
#include <openssl/crypto.h>

namespace labctl::ssh {

std::string libssh2_version() { return ::libssh2_version(0); }

std::string openssl_version() { return OpenSSL_version(OPENSSL_VERSION_STRING); }

}  // namespace labctl::ssh
