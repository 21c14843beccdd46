#pragma once

#include "docker/client.hpp"
#include "http/client.hpp"

#include <condition_variable>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace labctl::cluster {

// Callbacks for the handlers' logs; called in the followers' threads, one call at a time.
struct LogListener {
  std::function<void(const std::string& node, const std::string& line)> on_line;
  // The node's log cannot be followed at present, and why; "": it is followed again.
  std::function<void(const std::string& node, const std::string& why)> on_sight;
};

// Follows a file that the handler of every node appends to, its log (contract 2.1) or its events.log (2.2),
// from the first listener on, once for all listeners: starting a command in a node's container costs more
// than reading the log. A lost node is retried until it is back; no line is missed meanwhile. Thread-safe.
// The commands in the nodes end with this object; if they cannot be reached, they end by themselves.
class HandlerLogs {
public:
  // Engines by node; the container that has the log, and its path there.
  HandlerLogs(std::map<std::string, http::Server> engines, std::string container, std::string log);
  ~HandlerLogs();
  HandlerLogs(const HandlerLogs&) = delete;
  HandlerLogs& operator=(const HandlerLogs&) = delete;

  // During its lifetime, its listener is called; never afterwards.
  class Subscription {
  public:
    Subscription(HandlerLogs& logs, LogListener listener);
    ~Subscription();
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;

  private:
    HandlerLogs& logs_;
    std::list<LogListener>::iterator place_;
  };

  // Returns true as soon as each node's log is followed or known to be unavailable; false at the deadline.
  bool wait_until_followed(Deadline deadline);

private:
  void start();
  void follow(const std::string& node, const http::Server& engine);
  void tell_line(const std::string& node, const std::string& line);
  void sight(const std::string& node, const std::string& why);
  void end_process(docker::Client& docker, const std::string& pid) const;

  std::map<std::string, http::Server> engines_;
  std::string container_;
  std::string log_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<LogListener> listeners_;
  std::map<std::string, std::string> unseen_;  // node -> why; "": followed; no entry: not known yet
  std::vector<std::jthread> threads_;          // last: they use all of the above
};

}  // namespace labctl::cluster
