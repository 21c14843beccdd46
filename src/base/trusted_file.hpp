#pragma once

#include <sys/stat.h>

#include <string>

namespace labctl {

// Why a file that defines trust (an ssh configuration, known_hosts) must not be read; "" if it may. It must
// belong to us or to root, and no other user may be able to write it. As in Debian's ssh, it may be writable
// for a group whose only member is the owner.
std::string why_not_trusted(const struct stat& file);

}  // namespace labctl
