#include "base/user.hpp"

#include <grp.h>
#include <pwd.h>

#include <array>

namespace labctl {
namespace {

constexpr std::size_t entry_size = 16384;

template <typename Look>
std::optional<User> find_user(Look look) {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, entry_size> buffer{};
  if (look(&entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) return std::nullopt;
  return User{found->pw_name, found->pw_dir, found->pw_gid};
}

}  // namespace

std::optional<User> user_of(uid_t uid) {
  return find_user([uid](auto... out) { return ::getpwuid_r(uid, out...); });
}

std::optional<User> user_named(const std::string& name) {
  return find_user([&](auto... out) { return ::getpwnam_r(name.c_str(), out...); });
}

std::string user_name(uid_t uid) {
  const auto user = user_of(uid);
  return user ? user->name : "user " + std::to_string(uid);
}

bool is_group_of_one(gid_t gid, uid_t owner) {
  group entry{};
  group* found = nullptr;
  std::array<char, entry_size> buffer{};
  const auto user = user_of(owner);
  if (!user || user->group != gid || ::getgrgid_r(gid, &entry, buffer.data(), buffer.size(), &found) != 0 ||
      found == nullptr || user->name != found->gr_name) {
    return false;
  }
  for (char** member = found->gr_mem; *member != nullptr; ++member) {
    if (user->name != *member) return false;
  }
  return true;
}

}  // namespace labctl
