#pragma once

#include "base/deadline.hpp"
#include "cluster/cluster.hpp"

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace labctl::cluster {

// One thing that happened on the cluster.
struct Happening {
  enum class Type {
    app_key,  // `app/N` was read: `value` is its text, nullopt if it is absent; also told once at the start
    maintenance,  // `maintenance/N` was read: `value` is set if it is present; also told once at the start
    log_line,     // the handler on `node` logged `value`
    docker,       // a container, volume or network event on `node`: `value` is "container start NAME"
    fired,        // we fired the event that is waited for: `value` is its id; told to listeners only
  };
  Type type;
  std::string node;  // "" for Consul's
  std::optional<std::string> value;
};

// Watches everything that can tell how far an event got, from before it is fired: the app's keys by Consul blocking
// queries, each node's handler log from its present end, each node's Docker events. Threads of its own; next() is
// for one thread. A source that fails is told by next() as an exception if it is Consul's; a node that cannot be
// watched only makes waits slower and their errors poorer (`blind()` names it).
class Watch {
public:
  // Returns when every source is being listened to.
  Watch(Cluster& cluster, std::string app);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // The next happening, nullopt at the deadline. Error{interrupted} on a signal. The cluster's listener hears it too.
  std::optional<Happening> next(Deadline deadline);

  // Sources that ended, and why.
  std::vector<std::string> blind() const;

private:
  // Tells, once, that a source is being listened to.
  using Announce = std::function<void()>;
  using Work = std::function<void(const std::stop_token&, const Announce&)>;

  void start(std::string source, bool fatal, Work work);
  void post(Happening happening);
  void ended(const std::string& source, bool fatal, std::exception_ptr error);

  void watch_key(const std::string& key, Happening::Type type, const Announce& announce);
  void watch_log(const std::string& node, const Announce& announce);
  void watch_docker(const std::string& node, const Announce& announce);

  Cluster& cluster_;
  std::string app_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Happening> queue_;
  std::exception_ptr error_;
  std::vector<std::string> blind_;
  int starting_ = 0;
  std::vector<std::jthread> threads_;  // last: they use all of the above
};

}  // namespace labctl::cluster
