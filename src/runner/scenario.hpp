#pragma once

#include "runner/check.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace labctl::cluster {
class Cluster;
}

namespace labctl::runner {

using cluster::Cluster;

// A step with its state forgotten: what the runner calls.
struct Step {
  std::string text;
  std::function<void(Cluster&, void*)> action;
};

// One context: a given, a because, shoulds that are judged each by itself, and a cleanup that always runs.
// Plain data; made by scenario<State>() below.
struct Scenario {
  std::string name;     // kebab-case, unique
  std::string summary;  // the move in short: "None → core1/core2"
  std::vector<std::string> tags;
  Step given;
  Step because;
  std::vector<Step> shoulds;
  Step cleanup;
  // Stops or breaks something that all apps share: nothing else may run at the same time, and it runs only
  // where the inventory calls the cluster disposable.
  bool disruptive = false;
  // Moves branches of the service repository, which must be writable for that.
  bool moves_branch = false;
  // Everything but the cleanup must have ended by then; the cleanup has as long again.
  std::chrono::seconds time_limit{180};
  std::function<std::shared_ptr<void>()> make_state;
};

// Shoulds that several scenarios share, over the part of their states that they look at.
template <typename Part>
struct Block {
  struct Item {
    std::string text;
    std::function<void(Cluster&, Part&)> action;
  };
  std::vector<Item> items;

  Block& should(std::string text, std::function<void(Cluster&, Part&)> action) {
    items.push_back({std::move(text), std::move(action)});
    return *this;
  }
};

// Writes a scenario down top to bottom. State is made anew for every run of it; a Block<Part> can be included
// by every State that derives from Part.
template <typename State>
class ScenarioBuilder {
public:
  using Action = std::function<void(Cluster&, State&)>;

  explicit ScenarioBuilder(std::string name) {
    scenario_.name = std::move(name);
    scenario_.make_state = [] { return std::make_shared<State>(); };
  }

  ScenarioBuilder& summary(std::string text) {
    scenario_.summary = std::move(text);
    return *this;
  }
  ScenarioBuilder& tags(std::vector<std::string> tags) {
    scenario_.tags = std::move(tags);
    return *this;
  }
  ScenarioBuilder& time_limit(std::chrono::seconds limit) {
    scenario_.time_limit = limit;
    return *this;
  }
  ScenarioBuilder& disruptive() {
    scenario_.disruptive = true;
    return *this;
  }
  ScenarioBuilder& moves_branch() {
    scenario_.moves_branch = true;
    return *this;
  }
  ScenarioBuilder& given(std::string text, Action action) {
    scenario_.given = step(std::move(text), std::move(action));
    return *this;
  }
  ScenarioBuilder& because(std::string text, Action action) {
    scenario_.because = step(std::move(text), std::move(action));
    return *this;
  }
  ScenarioBuilder& should(std::string text, Action action) {
    scenario_.shoulds.push_back(step(std::move(text), std::move(action)));
    return *this;
  }
  template <typename Part>
  ScenarioBuilder& include(const Block<Part>& block) {
    static_assert(std::is_base_of_v<Part, State>,
                  "the state of a scenario derives from what its blocks look at");
    for (const auto& item : block.items) {
      should(item.text, [action = item.action](Cluster& c, State& s) { action(c, s); });
    }
    return *this;
  }
  ScenarioBuilder& cleanup(std::string text, Action action) {
    scenario_.cleanup = step(std::move(text), std::move(action));
    return *this;
  }

  operator Scenario() const { return scenario_; }  // NOLINT: ends the chain

private:
  static Step step(std::string text, Action action) {
    return {std::move(text), [action = std::move(action)](Cluster& c, void* state) {
              action(c, *static_cast<State*>(state));
            }};
  }

  Scenario scenario_;
};

template <typename State>
ScenarioBuilder<State> scenario(std::string name) {
  return ScenarioBuilder<State>(std::move(name));
}

}  // namespace labctl::runner
