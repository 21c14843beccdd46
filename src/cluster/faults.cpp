#include "cluster/faults.hpp"

#include "base/error.hpp"
#include "cluster/budgets.hpp"
#include "http/stop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>

namespace labctl::cluster {
namespace {

using namespace std::chrono_literals;

NodeIds node_ids(Cluster& cluster) {
  return cluster.ask_consul(
      [](consul::Client& consul, Deadline deadline) { return consul.node_ids(deadline); });
}

// A node may still execute a request whose reply was not received. The longest request stops a container:
// Docker waits 10 s for that.
constexpr auto longest_request = 15s;

// If the request that applied the fault may still be executed, this waits until it must have ended and then
// undoes the fault once more.
void undo_for_good(Cluster& cluster, const EnteredFault& entered) {
  undo(cluster, entered.fault);
  if (entered.applied) return;
  const auto age =
      std::chrono::ceil<std::chrono::milliseconds>(std::chrono::system_clock::now() - entered.at);
  if (age > longest_request) return;
  http::StopScope::pause(longest_request - std::max(age, 0ms));
  undo(cluster, entered.fault);
}

// Calls `work` for each element. Throws the first error at the end, but an interrupt at once.
template <typename List, typename Work>
void each(List& list, Work work) {
  std::exception_ptr first;
  for (auto& one : list) {
    try {
      work(one);
    } catch (const Error& e) {
      if (e.kind() == Kind::interrupted) throw;
      if (!first) first = std::current_exception();
    }
  }
  if (first) std::rethrow_exception(first);
}

std::vector<LeftJournal> journals_of(const std::function<NodeIds()>& ask) {
  std::vector<std::string> unreadable;
  auto journals = left_journals(fault_folder(), unreadable);
  if (!unreadable.empty())
    throw Error(Kind::invalid, unreadable.front(), {}, "repair the faults that the journal lists by hand");
  if (journals.empty()) return journals;
  const auto nodes = ask();
  std::erase_if(journals, [&](const LeftJournal& one) { return !one.text.is_of(nodes); });
  return journals;
}

}  // namespace

void Faults::plant(const Fault& fault) {
  const auto nodes = node_ids(cluster_);
  EnteredFault entered{0, fault, std::chrono::system_clock::now(), false};
  entered.number = journal_.enter(fault, cluster_.inventory().name, nodes);
  planted_.push_back(entered);
  apply(cluster_, fault);
  journal_.applied(entered.number);
  planted_.back().applied = true;
}

void Faults::undo_all() {
  std::exception_ptr first;
  auto all = std::exchange(planted_, {});
  std::reverse(all.begin(), all.end());
  for (auto one = all.begin(); one != all.end(); ++one) {
    try {
      undo_for_good(cluster_, *one);
      journal_.strike(one->number);
    } catch (...) {
      planted_.insert(planted_.begin(), *one);
      if (!first) first = std::current_exception();
    }
  }
  if (first) std::rethrow_exception(first);
}

std::string LeftFault::text() const {
  return fmt::format("{}: {}, by a test of {}", where(fault), what(fault), run.text());
}

std::vector<LeftFault> left_faults(const std::function<NodeIds()>& ask) {
  std::vector<LeftFault> all;
  for (const auto& journal : journals_of(ask)) {
    for (const auto& one : journal.text.open) all.push_back({one.fault, journal.text.run});
  }
  return all;
}

void undo_left_faults(Cluster& cluster, const std::function<void(const LeftFault&)>& on_found) {
  auto journals = journals_of([&] { return node_ids(cluster); });
  each(journals, [&](const LeftJournal& left) {
    const auto journal = FaultJournal::take_over(left.file);
    if (!journal) return;
    auto text = journal->text();
    std::reverse(text.open.begin(), text.open.end());
    each(text.open, [&](const EnteredFault& one) {
      on_found({one.fault, text.run});
      undo_for_good(cluster, one);
      journal->strike(one.number);
    });
  });
}

}  // namespace labctl::cluster
