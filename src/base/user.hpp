#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

namespace labctl {

// An account of this machine, from its user database.
struct User {
  std::string name;
  std::filesystem::path home;
  gid_t group = 0;  // the primary one
};

// nullopt if there is no such user.
std::optional<User> user_of(uid_t uid);
std::optional<User> user_named(const std::string& name);

// The name, or "user UID" if there is none.
std::string user_name(uid_t uid);

// True for a group whose only member is `owner`: Debian gives each user such a primary group.
bool is_group_of_one(gid_t gid, uid_t owner);

}  // namespace labctl
