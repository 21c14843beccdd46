#pragma once

#include "base/deadline.hpp"
#include "base/process.hpp"

#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace labctl::test {

// A real ssh-agent; SSH_AUTH_SOCK names it while this object exists.
class SshAgent {
public:
  explicit SshAgent(const std::string& socket) {
    const std::string said = run_checked({.argv = {"ssh-agent", "-s", "-a", socket}}, soon());
    const std::string word = "SSH_AGENT_PID=";
    pid_ = std::stoi(said.substr(said.find(word) + word.size()));
    ::setenv("SSH_AUTH_SOCK", socket.c_str(), 1);
  }
  ~SshAgent() {
    kill();
    ::unsetenv("SSH_AUTH_SOCK");
  }
  SshAgent(const SshAgent&) = delete;
  SshAgent& operator=(const SshAgent&) = delete;

  void add(const std::vector<std::filesystem::path>& keys) const {
    for (const auto& key : keys) run_checked({.argv = {"ssh-add", "-q", key.string()}}, soon());
  }
  void remove_all() const { run_checked({.argv = {"ssh-add", "-q", "-D"}}, soon()); }
  void kill() {
    if (pid_ > 0) ::kill(std::exchange(pid_, -1), SIGTERM);
  }

private:
  static Deadline soon() { return Deadline::in(std::chrono::seconds(10)); }

  pid_t pid_ = -1;
};

}  // namespace labctl::test
