#include "runner/expected_times.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace labctl::runner {
namespace {

using std::chrono::milliseconds;

bool has_verdict(Outcome outcome) { return outcome != Outcome::unable && outcome != Outcome::interrupted; }

}  // namespace

ExpectedTimes::ExpectedTimes(const RunResult& last) {
  std::map<std::string, int> attempts;
  for (const auto& one : last.scenarios) {
    if (!has_verdict(one.outcome)) continue;
    times_[one.name] += one.took;
    ++attempts[one.name];
  }
  for (auto& [name, time] : times_) time /= attempts.at(name);
}

std::optional<milliseconds> ExpectedTimes::of(const std::string& scenario) const {
  const auto found = times_.find(scenario);
  return found == times_.end() ? std::nullopt : std::optional(found->second);
}

std::string Remaining::text() const {
  constexpr auto shown_as_seconds = std::chrono::seconds{90};
  if (time <= milliseconds{0}) return unknown > 0 ? "time left unknown" : "longer than the last run";
  const auto amount = time <= shown_as_seconds
                          ? fmt::format("{} s", std::chrono::ceil<std::chrono::seconds>(time).count())
                          : fmt::format("{} min", std::chrono::round<std::chrono::minutes>(time).count());
  if (unknown == 0) return "about " + amount + " left";
  return fmt::format("at least {} left, {} without a known time", amount, plural(unknown, "scenario"));
}

std::optional<Remaining> remaining(const ExpectedTimes& times, const std::vector<Due>& running,
                                   const std::vector<Due>& waiting, int jobs) {
  Remaining result;
  bool known = false;
  const auto time_of = [&](const Due& one) {
    const auto expected = times.of(one.name);
    known = known || expected.has_value();
    result.unknown += !expected;
    return std::max(milliseconds{0}, expected.value_or(milliseconds{0}) - one.elapsed);
  };
  // When each job will be free, from now.
  std::vector<milliseconds> free(static_cast<std::size_t>(std::max(jobs, 1)));
  for (std::size_t i = 0; i < running.size(); ++i) {
    auto& job = free[i % free.size()];
    job = std::max(job, time_of(running[i]));
  }
  for (const auto& one : waiting) {
    if (one.alone) {
      const auto end = *std::max_element(free.begin(), free.end()) + time_of(one);
      std::fill(free.begin(), free.end(), end);
    } else {
      *std::min_element(free.begin(), free.end()) += time_of(one);
    }
  }
  result.time = *std::max_element(free.begin(), free.end());
  return known ? std::optional(result) : std::nullopt;
}

}  // namespace labctl::runner
