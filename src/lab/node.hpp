#pragma once

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "base/unique_fd.hpp"

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace labctl::lab {

// The parameters of a node's first process.
struct NodeStart {
  std::string name;
  std::filesystem::path netns;
  std::filesystem::path log;             // output of init
  std::filesystem::path init;            // tools/lab/node/init
  std::vector<std::string> environment;  // complete, "NAME=value"
  std::vector<UniqueFd> cgroup;          // from make_cgroup()
};

// A running node. The destructor leaves the node running; to end a node, kill its first process.
class RunningNode {
public:
  // Creates mount, pid, ipc, uts and cgroup namespaces in the given network namespace and cgroup. Returns
  // when init runs.
  static RunningNode start(const NodeStart& how);

  // Waits for this word from init (see tools/lab/node/init). Error{lab} if init says "failed" or ends,
  // Error{timeout}.
  void wait_for(const std::string& word, Deadline deadline);
  // Waits until the Docker socket exists and its daemon answers. Error{lab} if the node ends meanwhile.
  void wait_for_docker(Deadline deadline);
  // Waits until a server listens on the node's port. Error{lab} if the node ends meanwhile.
  void wait_for_port(const std::string& address, int port, Deadline deadline);
  // Waits for `pause`, or throws as above: for conditions without an event.
  void watch_for(std::chrono::milliseconds pause);
  // Asks init to stop its daemons and waits for its end.
  void stop(Deadline deadline);

  pid_t pid() const { return pid_; }
  // The path of the node's root on this machine.
  std::filesystem::path root() const;

private:
  RunningNode(std::string name, pid_t pid, UniqueFd words);
  // Reads what init has written; false at end of file.
  bool hear();
  // The error of a node that ended, with init's reason if it gave one.
  Error ended(const std::string& before);
  // Waits until `fd` is readable; Error{lab} if the node ends first.
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
