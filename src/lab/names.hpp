#pragma once

#include <cstdint>
#include <string>

namespace labctl::lab {

// A lab's name is part of paths, of an interface and of cgroups: 1 to 32 of a-z, 0-9 and '-', beginning with a letter.
// Error{usage} says what is wrong.
void check_name(const std::string& name);

// "bookworm" or "trixie"; Error{usage} naming the nearest.
void check_os(const std::string& os);

// The lab's one network interface on this machine, at most 15 characters (IFNAMSIZ): "lab-NAME", or for longer names
// their beginning and a digest of the whole.
std::string interface_name(const std::string& lab);

// FNV-1a; the same on every machine and in every run.
std::uint64_t digest(const std::string& text);

}  // namespace labctl::lab
