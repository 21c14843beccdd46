#include "tunnels/sleep_detector.hpp"

#include <utility>

namespace labctl::tunnels {

bool SleepDetector::woke(Reading now) {
  const Reading last = std::exchange(last_, now);
  const Duration passed = now.monotonic - last.monotonic;
  const Duration slept = now.boot - last.boot - passed;
  return slept > std::chrono::seconds(2) || passed > interval_ * 3;
}

}  // namespace labctl::tunnels
