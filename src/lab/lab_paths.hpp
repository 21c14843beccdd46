#pragma once

#include <filesystem>
#include <string>

namespace labctl::lab {

// The paths of a lab; all below one folder, which `down` removes.
struct LabPaths {
  explicit LabPaths(const std::string& lab);

  std::string tag;               // see names.hpp
  std::filesystem::path folder;  // <state>/labs/NAME
  std::filesystem::path lock;    // held by the labctl that changes the lab
  std::filesystem::path journal;
  std::filesystem::path record;  // lab.json
  std::filesystem::path logs;    // a folder per node
  std::filesystem::path client;  // inventory.yaml, id_ed25519, known_hosts
  std::filesystem::path agent;   // mounted in the nodes as /opt/labctl
  std::filesystem::path keys;    // the volume plugins' common key
  std::string interface;         // the only one on this machine
  std::string cgroup;            // parent of the cgroups of all its machines
  // Where Docker data of a release is created before it is moved to the cache.
  std::filesystem::path new_golden(const std::string& os) const;
  std::filesystem::path netns(const std::string& node) const { return folder / "netns" / node; }
  std::filesystem::path node(const std::string& node) const { return folder / "nodes" / node; }
  std::filesystem::path log(const std::string& node) const { return logs / node; }
};

// The folder of all labs.
std::filesystem::path labs_dir();

}  // namespace labctl::lab
