#pragma once

#include <algorithm>
#include <chrono>

namespace labctl {

// A point in time on the steady clock at which a wait ends. Cheap to copy; passed by value, so that nested
// waits share one budget.
class Deadline {
public:
  using Clock = std::chrono::steady_clock;

  static Deadline in(Clock::duration budget) { return Deadline(Clock::now(), budget); }

  Clock::duration budget() const { return budget_; }
  Clock::time_point at() const { return start_ + budget_; }
  bool passed() const { return Clock::now() >= at(); }

  // Never negative.
  std::chrono::milliseconds left() const {
    auto rest = std::chrono::ceil<std::chrono::milliseconds>(at() - Clock::now());
    return std::max(rest, std::chrono::milliseconds{0});
  }
  std::chrono::milliseconds elapsed() const {
    return std::chrono::floor<std::chrono::milliseconds>(Clock::now() - start_);
  }

  // The earlier of this deadline and `budget` from now.
  Deadline at_most(Clock::duration budget) const {
    return in(std::min<Clock::duration>(budget, std::max<Clock::duration>(at() - Clock::now(), {})));
  }

private:
  Deadline(Clock::time_point start, Clock::duration budget) : start_(start), budget_(budget) {}

  Clock::time_point start_;
  Clock::duration budget_;
};

}  // namespace labctl
