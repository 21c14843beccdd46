#include "cluster/lookouts.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cluster/node_script.hpp"

#include <utility>

namespace labctl::cluster {

Lookouts::Lookouts(std::map<std::string, http::Server> engines, std::string container)
    : engines_(std::move(engines)), container_(std::move(container)) {}

std::string Lookouts::ask(const std::string& node, const std::string& line, Deadline deadline) {
  auto lookout = take_free(node);
  if (!lookout) {
    const std::vector<std::string> argv{"python3", "-I", "-S", "-c", std::string(node_script())};
    lookout = std::make_unique<docker::Conversation>(engines_.at(node), container_, argv, deadline);
  }
  // A lookout that throws is not kept.
  auto answer = lookout->ask(line, deadline);
  // If the program cannot be started, the engine writes the reason to its output.
  if (!answer.starts_with('{')) throw Error(Kind::unavailable, "python3: " + trim(answer));
  const std::lock_guard lock(mutex_);
  free_[node].push_back(std::move(lookout));
  return answer;
}

Lookouts::Lookout Lookouts::take_free(const std::string& node) {
  const std::lock_guard lock(mutex_);
  auto& free = free_[node];
  while (!free.empty()) {
    auto last = std::move(free.back());
    free.pop_back();
    // Its container, node or forward may have failed meanwhile.
    if (last->open()) return last;
  }
  return nullptr;
}

}  // namespace labctl::cluster
