#pragma once

#include <sys/stat.h>

#include <string>

namespace labctl {

// Why a file that decides whom we trust (an ssh configuration, known_hosts) must not be read: "" if it may.
// It must belong to us or to root, and nobody else may write it; as in Debian's ssh, a group that only the
// owner is in may.
std::string why_not_trusted(const struct stat& file);

}  // namespace labctl
