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

// The programs that look at the nodes from inside (node_script.py). A new one is started if none is free, and
// kept for the next question: starting costs more than a look. Thread-safe; a node has one per parallel
// question. They end with this object, or with our process.
class Lookouts {
public:
  // Engines by node, and the container in which the programs run.
  Lookouts(std::map<std::string, http::Server> engines, std::string container);

  // Sends a line of JSON to the node's program and returns its answer. Error{unavailable} with empty `where`
  // if the answer is invalid or the program ended.
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
