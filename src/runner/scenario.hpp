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

// A step with type-erased state, as the runner calls it.
struct Step {
  std::string text;
  std::function<void(Cluster&, void*)> action;
};

// A given, a because, shoulds that are judged independently, and a cleanup that always runs. Plain data;
// built by scenario<State>() below.
struct Scenario {
  std::string name;     // kebab-case, unique
  std::string summary;  // the move in short: "None → core1/core2"
  std::vector<std::string> tags;
  Step given;
  Step because;
  std::vector<Step> shoulds;
  Step cleanup;
  // Stops or breaks something that all apps share: it runs alone, and only if the inventory says that the
  // cluster is disposable.
  bool disruptive = false;
  // Moves branches of the service repository, which must be writable.
  bool moves_branch = false;
  // For everything except the cleanup; the cleanup has the same limit again.
  std::chrono::seconds time_limit{180};
  std::function<std::shared_ptr<void>()> make_state;
};

// Shoulds that several scenarios share; `Part` is the part of the state that they read.
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

// Builds a scenario from top to bottom. Each run gets a new State; a Block<Part> can be included by every
// State that derives from Part.
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
  // For a state of several parts: `name` begins the text of each should.
  template <typename Part>
  ScenarioBuilder& include(const std::string& name, Part State::*part, const Block<Part>& block) {
    for (const auto& item : block.items) {
      should(name + ": " + item.text,
             [action = item.action, part](Cluster& c, State& s) { action(c, s.*part); });
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
