#pragma once

#include "base/deadline.hpp"
#include "docker/conversation.hpp"
#include "http/client.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace labctl::cluster {

// The programs that look at the nodes from inside (node_script.py), each started when none is free and kept
// for the next question: to start one costs more than all it does. For any thread; a node has as many as are
// asked at once. They end with this object, or with us.
class Lookouts {
public:
  // Engines by node, and the container that they run in.
  Lookouts(std::map<std::string, http::Server> engines, std::string container);

  // Gives the node's program a line of JSON and returns its answer. Error{unavailable}, without a place, if
  // it says anything else or ended.
  std::string ask(const std::string& node, const std::string& line, Deadline deadline);

private:
  using Lookout = std::unique_ptr<docker::Conversation>;

  // nullptr if none is free.
  Lookout take_free(const std::string& node);

  std::map<std::string, http::Server> engines_;
  std::string container_;
  std::mutex mutex_;
  std::map<std::string, std::vector<Lookout>> free_;
};

}  // namespace labctl::cluster
