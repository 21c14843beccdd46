#include "base/trusted_file.hpp"

#include "base/user.hpp"

#include <unistd.h>

namespace labctl {

std::string why_not_trusted(const struct stat& file) {
  if (file.st_uid != 0 && file.st_uid != ::geteuid()) return "belongs to another user";
  if ((file.st_mode & S_IWOTH) != 0 ||
      ((file.st_mode & S_IWGRP) != 0 && !is_group_of_one(file.st_gid, file.st_uid)))
    return "others may write it";
  return {};
}

}  // namespace labctl
