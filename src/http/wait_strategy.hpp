#pragma once

#include "base/deadline.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace labctl::http {

// How a program waits for a change at a server. By default it waits for the event: a request stays open until
// the server sees the change. A benchmark may replace this (tools/bench/suite).
class WaitStrategy {
public:
  virtual ~WaitStrategy() = default;

  // The index for the blocking query after an answer with this index; 0 is answered at once.
  virtual std::uint64_t ask_from(std::uint64_t index) const { return index; }
  // Waits for `done` in its own way; returns whether it was reached in time. nullopt: follow the server's
  // stream of events.
  virtual std::optional<bool> instead_of_stream(const std::function<bool()>& /*done*/, Deadline) const {
    return std::nullopt;
  }
  // Options for `tail -F`.
  virtual std::string tail_options() const { return ""; }
};

const WaitStrategy& wait_strategy();
// Sets it for this process; call it before the first wait. The strategy must outlive all waits.
void set_wait_strategy(const WaitStrategy& strategy);

}  // namespace labctl::http
