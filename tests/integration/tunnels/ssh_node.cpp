#include "ssh_node.hpp"

#include "base/deadline.hpp"
#include "base/paths.hpp"
#include "base/unique_fd.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace labctl::test {
namespace {

std::filesystem::path node_root() { return cache_dir() / "roots/node-bookworm"; }

}  // namespace

std::string missing_for_ssh_nodes() {
  if (::geteuid() != 0) return "root, for the mount namespace of the sshds";
  if (!std::filesystem::exists(node_root() / "usr/sbin/sshd"))
    return "the node root in the cache (tools/setup)";
  return {};
}

SshNode::SshNode(const std::filesystem::path& folder, std::uint16_t port, std::vector<std::string> options)
    : folder_(folder), port_(port), options_(std::move(options)) {
  start();
}

void SshNode::start() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const UniqueFd output(ends[0]);
  UniqueFd input(ends[1]);
  std::vector<std::string> words{"unshare",
                                 "--mount",
                                 "--pid",
                                 "--fork",
                                 "--kill-child",
                                 LABCTL_SSHD_NODE,
                                 std::filesystem::canonical(node_root()).string(),
                                 folder_.string(),
                                 std::to_string(port_)};
  words.insert(words.end(), options_.begin(), options_.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input.get(), STDERR_FILENO);
  const int failed = ::posix_spawnp(&pid_, "unshare", &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("cannot start unshare");
  input.reset();
  std::string said;
  const Deadline deadline = Deadline::in(std::chrono::seconds(20));
  while (said.find("Server listening") == std::string::npos) {
    pollfd wait{output.get(), POLLIN, 0};
    std::array<char, 4096> buffer{};
    ssize_t count = 0;
    if (::poll(&wait, 1, static_cast<int>(deadline.left().count())) > 0) {
      count = ::read(output.get(), buffer.data(), buffer.size());
    }
    if (count <= 0) {
      kill();
      throw std::runtime_error("sshd does not start: " + said);
    }
    said.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

void SshNode::kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

}  // namespace labctl::test
