#include "runner/stock.hpp"

#include <utility>

namespace labctl::runner {
namespace {

bool has(const std::string& thing, const std::string& mark) {
  return !mark.empty() && thing.find(mark) != std::string::npos;
}

}  // namespace

Audit::Audit(StockLines before, std::string tag) : known_(std::move(before.things)), tag_(std::move(tag)) {}

std::vector<std::string> Audit::leaked_by(const std::string& mark, bool ran_alone, const StockLines& now) {
  std::vector<std::string> leaked;
  for (const auto& thing : now.things) {
    const bool others = has(thing, tag_) && !has(thing, mark);
    const bool to_blame = has(thing, mark) || (ran_alone && !others);
    if (to_blame && known_.insert(thing).second) leaked.push_back(thing);
  }
  return leaked;
}

std::vector<std::string> Audit::leaked(const StockLines& now) {
  std::vector<std::string> leaked;
  for (const auto& thing : now.things) {
    if (known_.insert(thing).second) leaked.push_back(thing);
  }
  return leaked;
}

}  // namespace labctl::runner
