#pragma once

#include <filesystem>
#include <string>

namespace labctl::lab {

// A lab's name is part of paths, of an interface and of cgroups: 1 to 32 of a-z, 0-9 and '-', beginning with
// a letter. Error{usage} names the problem.
bool is_name(const std::string& name);
void check_name(const std::string& name);

// "bookworm" or "trixie"; Error{usage} naming the nearest.
void check_os(const std::string& os);

// A unique tag of a lab on this machine: its name, plus a digest of the state folder if that is not the
// default, so that labs of the same name in different state folders differ.
std::string lab_tag(const std::string& lab, const std::filesystem::path& state);

// The lab's only network interface on this machine, at most 15 characters (IFNAMSIZ): "lab-TAG", or for
// longer tags their beginning and a digest of the whole tag.
std::string interface_name(const std::string& tag);

}  // namespace labctl::lab
