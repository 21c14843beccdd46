#include "runner/run_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace labctl::runner {
namespace {

constexpr std::string_view letters_and_digits = "0123456789abcdefghijklmnopqrstuvwxyz";

}  // namespace

RunOrder::RunOrder(const std::vector<Planned>& plan, int jobs, bool fail_fast)
    : plan_(plan), jobs_(static_cast<std::size_t>(std::max(1, jobs))), fail_fast_(fail_fast) {
  for (std::size_t i = 0; i < plan.size(); ++i) waiting_.push_back(i);
}

std::optional<std::size_t> RunOrder::next() {
  if (under_way_.size() >= jobs_) return std::nullopt;
  const bool alone = std::any_of(under_way_.begin(), under_way_.end(),
                                 [&](std::size_t place) { return plan_[place].scenario->disruptive; });
  if (alone) return std::nullopt;
  const auto found = std::find_if(waiting_.begin(), waiting_.end(), [&](std::size_t place) {
    return under_way_.empty() || !plan_[place].scenario->disruptive;
  });
  if (found == waiting_.end()) return std::nullopt;
  const auto place = *found;
  waiting_.erase(found);
  under_way_.insert(place);
  return place;
}

void RunOrder::ended(std::size_t place, Outcome outcome) {
  under_way_.erase(place);
  if (outcome == Outcome::interrupted || (fail_fast_ && outcome != Outcome::passed)) stop();
}

Jobs choose_jobs(const JobLimits& limits) {
  if (!limits.writable)
    return {1, "the service repository is not writable, so every scenario has the same branches"};
  // One scenario alone often waits, and leaves half of a machine with two cores idle.
  constexpr int jobs_a_core = 2;
  const int cores = std::max(1, limits.cores);
  Jobs jobs = limits.asked ? Jobs{*limits.asked, "as asked for"}
                           : Jobs{jobs_a_core * cores,
                                  fmt::format("{} for each of the machine's cores, {}", jobs_a_core, cores)};
  if (limits.ports < jobs.count)
    jobs = {std::max(1, limits.ports), "as many as cluster.service.ssh_ports of the inventory"};
  if (limits.runs < jobs.count) jobs = {std::max(1, limits.runs), "there are no more scenarios"};
  return jobs;
}

std::string run_tag(std::int64_t time, unsigned seed, int process) {
  constexpr std::int64_t letters = 20, all = letters * 36 * 36;
  const auto mixed =
      time + static_cast<std::int64_t>(seed) * 7919 + static_cast<std::int64_t>(process) * 104'729;
  const auto value = static_cast<std::size_t>((mixed % all + all) % all);
  return {letters_and_digits[16 + value / (36 * 36)], letters_and_digits[value / 36 % 36],
          letters_and_digits[value % 36]};
}

std::string mark_of(const std::string& tag, int number) {
  const auto value = static_cast<std::size_t>(number) % (36 * 36);
  return tag + letters_and_digits[value / 36] + letters_and_digits[value % 36];
}

}  // namespace labctl::runner
