#pragma once

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "base/unique_fd.hpp"

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace labctl::lab {

// What a node's first process is started with.
struct NodeStart {
  std::string name;
  std::filesystem::path netns;
  std::filesystem::path log;             // what init itself prints
  std::filesystem::path init;            // tools/lab/node/init
  std::vector<std::string> environment;  // all of it, "NAME=value"
  std::vector<UniqueFd> cgroup;          // from make_cgroup()
};

// A running node. Letting go of it leaves the node running; a node is ended by killing its first process.
class Node {
public:
  // New mount, pid, ipc, uts and cgroup namespaces in the given network namespace and cgroup. Returns when
  // init runs.
  static Node start(const NodeStart& how);

  // Waits for init's words (see tools/lab/node/init). Error{lab} if it says "failed" or ends, Error{timeout}.
  void wait_for(const std::string& word, Deadline deadline);
  // Waits until the Docker socket is there and its daemon answers. Error{lab} if the node ends meanwhile.
  void wait_for_docker(Deadline deadline);
  // Waits until something listens on the node's port. Error{lab} if the node ends meanwhile.
  void wait_for_port(const std::string& address, int port, Deadline deadline);
  // Lets `pause` pass, or throws as above: for what has no event to wait for.
  void watch_for(std::chrono::milliseconds pause);
  // Asks init to stop its daemons and waits for its end.
  void stop(Deadline deadline);

  pid_t pid() const { return pid_; }
  // The node's root, as seen from here.
  std::filesystem::path root() const;

private:
  Node(std::string name, pid_t pid, UniqueFd words);
  // Takes in what init has said; false once it says no more.
  bool hear();
  // The error of a node that ended, with init's own reason if it gave one.
  Error ended(const std::string& before);
  // Until `fd` is readable; Error{lab} if the node ends first.
  void wait_readable(int fd, const std::string& what, Deadline deadline);

  std::string name_;
  pid_t pid_;
  UniqueFd alive_;  // pidfd: readable once init has ended
  UniqueFd words_;
  std::string heard_;
};

// Runs argv in the node whose first process is `pid`: its namespaces, root and a clean environment.
std::vector<std::string> enter_argv(pid_t pid, const std::vector<std::string>& argv,
                                    const std::string& user = "root");

std::filesystem::path docker_socket(pid_t pid);

}  // namespace labctl::lab
