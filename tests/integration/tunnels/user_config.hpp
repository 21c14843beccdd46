#pragma once

#include "testbed.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace labctl::test {

// A test case with the user's ssh configuration for one host, node-one, on loopback: labctl must log in where
// the installed ssh does, and nowhere else.
struct UserConfig : Case {
  UserConfig();
  ~UserConfig();
  UserConfig(const UserConfig&) = delete;
  UserConfig& operator=(const UserConfig&) = delete;

  // Writes the configuration: user core with the testbed's key ed25519, no other, and `known_hosts`. `line`,
  // which may be several, comes first, so its values count.
  void write(const std::string& line, std::uint16_t port) const;
  // The same without a key: `lines` say which keys are used.
  void write_without_key(const std::string& lines, std::uint16_t port) const;

  bool ssh_logs_in() const;
  static inventory::Node node();
  // The error of labctl's login; "" if it succeeds.
  static std::string problem_of_labctl();

  // logs_in_where_ssh_does() with `write` for each of the texts.
  void agrees_with_ssh(const std::vector<std::string>& texts,
                       const std::function<void(const std::string& text)>& write, int least) const;

  static Deadline soon();
  // Runs ssh-keygen.
  static void keygen(std::vector<std::string> arguments);

  const std::filesystem::path config = bed.folder() / "home/.ssh/config";
  const std::filesystem::path known_hosts = bed.folder() / "config_known_hosts";
  const std::string host_key;  // the line of its .pub file
};

}  // namespace labctl::test
