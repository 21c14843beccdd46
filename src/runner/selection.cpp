#include "runner/selection.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <charconv>
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

// std::shuffle is free to differ between libraries; a seed in a report must not.
template <typename T>
void shuffle(std::vector<T>& list, unsigned seed) {
  std::mt19937 random(seed);
  for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[random() % i]);
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
  shuffle(chosen, selection.seed);

  std::vector<Planned> plan;
  for (int attempt = 1; attempt <= selection.repeat; ++attempt) {
    for (const auto* one : chosen) plan.push_back({one, attempt});
  }
  return plan;
}

}  // namespace labctl::runner
