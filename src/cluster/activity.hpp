#pragma once

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "cluster/cluster.hpp"
#include "cluster/handler_logs.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace labctl::cluster {

// One thing that happened on the cluster.
struct Happening {
  enum class Type {
    app_key,      // `app/N` was read: `value` is its text, nullopt if absent; also reported at the start
    maintenance,  // `maintenance/N` was read: `value` is set if present; also reported at the start
    log_line,     // the handler on `node` logged `value`
    event_taken,  // the handler on `node` accepted the event with the id `value`: it is in events.log
    docker,       // a container, volume or network event on `node`: `value` is "container start NAME"
    // Reported only to listeners:
    fired,        // we fired the event that is waited for: `value` is its id
    event_done,   // the handler on `node` has finished the event with the id `value`
    wait_begins,  // we wait for `value`
    wait_ends,    // because it came
  };
  Type type;
  std::string node;  // "" for Consul's
  std::optional<std::string> value;
};

// A period in which Consul did not answer, while its keys were watched.
struct Outage {
  std::chrono::steady_clock::time_point since;
  std::chrono::steady_clock::time_point until;
  bool lasts = true;  // then `until` is now
  Kind kind;
  std::string why;

  std::string text() const;  // "no answer from Consul for 8.2 s: no leader"
};

// Watches all signs of an event's progress, starting before it is fired: the app's keys by Consul blocking
// queries, each node's handler log and events.log from their current end, each node's Docker events. Has its
// own threads; next() is for one thread. If Consul has no leader, or fails after it was watched, it is
// retried until the caller's deadline; outage() reports it. A node whose log was followed once is retried
// too: no line is missed meanwhile. A node that cannot be watched only makes waits slower and their errors
// less precise (`blind()` names it).
class Watch {
public:
  // Returns when every source is being watched; throws what Consul throws.
  Watch(Cluster& cluster, std::string app);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // The next happening, nullopt at the deadline. Error{interrupted} on a signal. The cluster's listener
  // receives it too.
  std::optional<Happening> next(Deadline deadline);

  // The longest-lasting outage of Consul so far.
  std::optional<Outage> outage() const;
  // Returns when the current outage is over, or after a short pause if there is none; at the latest at the
  // deadline.
  void await_consul(Deadline deadline);

  // Sources that cannot be watched at present, and why.
  std::vector<std::string> blind() const;

private:
  // Reports, once, that a source is being watched.
  using Announce = std::function<void()>;
  using Work = std::function<void(const std::stop_token&, const Announce&)>;

  void start(std::string source, bool fatal, Work work);
  void post(Happening happening);
  void ended(const std::string& source, bool fatal, const std::exception_ptr& error);
  LogListener hear(Happening::Type type, const std::string& file);
  void log_sight(const std::string& source, const std::string& why);
  void consul_failed(const std::string& key, const Error& error);
  void consul_answered(const std::string& key);

  void watch_key(const std::string& key, Happening::Type type, const Announce& announce);
  void watch_docker(const std::string& node, const Announce& announce);

  Cluster& cluster_;
  std::string app_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Happening> queue_;
  std::exception_ptr error_;
  std::map<std::string, std::string> blind_;  // source -> why
  std::set<std::string> unread_;              // keys that Consul does not return at present
  std::optional<Outage> outage_;              // the current one, or the last
  std::optional<Outage> longest_;
  int starting_ = 0;
  // Last members: they use all of the above.
  std::optional<HandlerLogs::Subscription> logs_;
  std::optional<HandlerLogs::Subscription> taken_;
  std::vector<std::jthread> threads_;
};

}  // namespace labctl::cluster
