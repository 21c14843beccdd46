#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace labctl::lab {

// The files that set-up (prepare.hpp) has put into the cache for a lab; read-only for us.
struct Artifacts {
  std::filesystem::path root(const std::string& os) const;  // a node's root
  std::filesystem::path registry;                           // storage of the lab's image registry
  std::filesystem::path plugin;                             // config.json and rootfs/ of the volume plugin
  std::vector<std::string> images;                          // the name of every image in dockerd

  // A node's Docker data with images and plugin, created on first use (golden.hpp). Its name contains
  // everything that it depends on.
  std::filesystem::path golden(const std::string& os) const;
};

// Error{lab} names what is missing and how to create it.
Artifacts find_artifacts(const std::set<std::string>& oses);

}  // namespace labctl::lab
