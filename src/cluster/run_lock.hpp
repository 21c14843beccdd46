#pragma once

#include "cluster/cluster.hpp"
#include "cluster/run_owner.hpp"

#include <string>
#include <thread>

namespace labctl::cluster {

// Allows one test run at a time on a cluster, from any machine: two runs would mistake each other's
// containers for leaks and each other's faults for defects. A Consul session holds the key `labctl/test`,
// which no handler, template or audit reads; its value is the owner (run_owner.hpp). The session is renewed
// during the lock's lifetime. When it ends, the key is deleted: at once with the lock, or 10 to 20 s after a
// run was killed (a dead run of this machine is not waited for).
class RunLock {
public:
  static constexpr const char* key = "labctl/test";

  // Error{conflict} names the holder and its start time.
  explicit RunLock(Cluster& cluster);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

private:
  void take();
  void keep(const std::stop_token& stop);

  consul::Client consul_;  // used by one thread at a time
  std::string cluster_name_;
  RunOwner owner_;
  std::string session_;
  std::jthread keeper_;
};

}  // namespace labctl::cluster
