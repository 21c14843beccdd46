#include "runner/selection.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <random>
#include <set>

namespace labctl::runner {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

void require_known(const std::string& word, const std::vector<std::string>& known, const char* sort) {
  if (contains(known, word)) return;
  const auto near = nearest(word, known);
  throw Error(Kind::usage, std::string("no ") + sort + " is called \"" + word + "\"", {},
              near.empty() ? "labctl test --list shows them" : "did you mean " + near + "?");
}

// std::shuffle may differ between standard libraries, but a seed in a report must always give the same order.
template <typename T>
void shuffle(std::vector<T>& list, std::mt19937& random) {
  for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[random() % i]);
}

// FNV-1a, because std::hash may give another number on another platform.
unsigned hash(const std::string& text) {
  unsigned value = 2166136261U;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 16777619U;
  return value;
}

std::vector<std::size_t> order_of_shoulds(const Scenario& scenario, int attempt, unsigned seed) {
  std::vector<std::size_t> order(scenario.shoulds.size());
  std::iota(order.begin(), order.end(), 0);
  std::mt19937 random(seed ^ hash(scenario.name) ^ (static_cast<unsigned>(attempt) << 16));
  shuffle(order, random);
  return order;
}

}  // namespace

Shard parse_shard(const std::string& text) {
  Shard shard;
  const auto parts = split(text, '/');
  const auto number = [](const std::string& part, int& value) {
    const auto [end, code] = std::from_chars(part.data(), part.data() + part.size(), value);
    return code == std::errc{} && end == part.data() + part.size();
  };
  if (parts.size() != 2 || !number(parts[0], shard.index) || !number(parts[1], shard.count) ||
      shard.index < 1 || shard.index > shard.count) {
    throw Error(Kind::usage, "a shard is I/N with 1 <= I <= N, not \"" + text + "\"");
  }
  return shard;
}

std::vector<Planned> select(const std::vector<Scenario>& table, const Selection& selection) {
  std::vector<std::string> names;
  std::set<std::string> tags;
  for (const auto& one : table) {
    names.push_back(one.name);
    tags.insert(one.tags.begin(), one.tags.end());
  }
  for (const auto& name : selection.names) require_known(name, names, "scenario");
  for (const auto& tag : selection.tags) require_known(tag, {tags.begin(), tags.end()}, "tag");

  std::vector<const Scenario*> chosen;
  for (const auto& one : table) {
    const bool all = selection.names.empty() && selection.tags.empty();
    const bool tagged = std::any_of(one.tags.begin(), one.tags.end(),
                                    [&](const auto& tag) { return contains(selection.tags, tag); });
    if (all || tagged || contains(selection.names, one.name)) chosen.push_back(&one);
  }
  if (selection.shard) {
    std::vector<const Scenario*> mine;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      if (static_cast<int>(i) % selection.shard->count == selection.shard->index - 1)
        mine.push_back(chosen[i]);
    }
    chosen = std::move(mine);
  }

  std::mt19937 random(selection.seed);
  std::vector<Planned> plan;
  for (int attempt = 1; attempt <= selection.repeat; ++attempt) {
    shuffle(chosen, random);
    for (const auto* one : chosen)
      plan.push_back({one, attempt, order_of_shoulds(*one, attempt, selection.seed)});
  }
  return plan;
}

std::vector<LeftOut> leave_out(std::vector<Planned>& plan, const Allowed& allowed,
                               const std::vector<std::string>& asked_for) {
  // The reason why the scenario may not run; empty if it may.
  const auto why = [&](const Scenario& one) -> std::string {
    if (one.moves_branch && !allowed.move_branches) {
      return "it moves a branch of the service repository; "
             "cluster: {service: {writable: true}} in the inventory allows it";
    }
    if (one.disruptive && !allowed.disrupt) {
      return "it temporarily breaks what all apps share; "
             "cluster: {disposable: true} in the inventory allows it";
    }
    return {};
  };
  std::vector<LeftOut> left_out;
  for (const auto& planned : plan) {
    const auto reason = why(*planned.scenario);
    if (!reason.empty() && planned.attempt == 1) left_out.push_back({planned.scenario->name, reason});
  }
  std::erase_if(plan, [&](const Planned& planned) { return !why(*planned.scenario).empty(); });
  for (const auto& one : left_out) {
    if (plan.empty() || contains(asked_for, one.name))
      throw Error(Kind::usage, one.name + " cannot run here: " + one.why);
  }
  return left_out;
}

}  // namespace labctl::runner
