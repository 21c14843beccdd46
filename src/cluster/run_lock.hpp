#pragma once

#include "cluster/cluster.hpp"
#include "cluster/run_owner.hpp"

#include <string>
#include <thread>

namespace labctl::cluster {

// One test run at a time on a cluster, whatever machine it is started from: two would take each other's
// containers for leaks and each other's faults for defects. A Consul session holds the key `labctl/test`,
// which no handler, template or audit reads; the value is the owner (run_owner.hpp). The session is renewed
// while the lock lives, and takes the key with it when it ends: at once with the lock, or 10 to 20 s after a
// run was killed (a run of this machine that has ended is not waited for).
class RunLock {
public:
  static constexpr const char* key = "labctl/test";

  // Error{conflict} saying who has it and since when.
  explicit RunLock(Cluster& cluster);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

private:
  void take();
  void keep(const std::stop_token& stop);

  consul::Client consul_;  // of the one thread that uses it at a time
  std::string cluster_name_;
  RunOwner owner_;
  std::string session_;
  std::jthread keeper_;
};

}  // namespace labctl::cluster
