#include "lab/parallel.hpp"

#include "base/current_error.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"

#include <optional>
#include <thread>

namespace labctl::lab {
namespace {

Error about(const std::string& where, const Error& error) {
  const std::string full = error.where().empty() ? where
                           : where.empty()       ? error.where()
                                                 : where + ": " + error.where();
  return Error(error.kind(), error.what(), full, error.hint());
}

}  // namespace

void in_parallel(const std::vector<NodeWork>& tasks, bool shielded) {
  std::vector<std::optional<Error>> errors(tasks.size());
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      threads.emplace_back([&, i] {
        std::optional<InterruptShield> shield;
        if (shielded) shield.emplace();
        try {
          tasks[i].work();
        } catch (...) {
          errors[i] = about(tasks[i].where, current_error());
        }
      });
    }
  }
  const Error* chosen = nullptr;
  for (const auto& error : errors) {
    if (error && (chosen == nullptr || chosen->kind() == Kind::interrupted)) chosen = &*error;
  }
  if (chosen != nullptr) throw Error(*chosen);
}

}  // namespace labctl::lab
