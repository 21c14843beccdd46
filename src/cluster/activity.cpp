#include "cluster/activity.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cluster/budgets.hpp"
#include "contract/names.hpp"
#include "http/stop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace labctl::cluster {
namespace {

using namespace std::chrono_literals;

// The longest time that one request stays open.
constexpr auto longest_watch = 900s;
// The longest leader election of Consul, and a margin.
constexpr auto start_budget = election_budget + 15s;

std::string error_text(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Error& e) {
    return e.line();
  } catch (const std::exception& e) {
    return e.what();
  }
}

bool is_interrupt(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Error& e) {
    return e.kind() == Kind::interrupted;
  } catch (...) {
    return false;
  }
}

}  // namespace

std::string Outage::text() const {
  return fmt_seconds("no answer from Consul for", until - since) + ": " + why;
}

Watch::Watch(Cluster& cluster, std::string app) : cluster_(cluster), app_(std::move(app)) {
  const auto& nodes = cluster_.nodes();
  starting_ = static_cast<int>(2 + nodes.size());
  start("Consul", true, [this](const std::stop_token&, const Announce& announce) {
    watch_key(contract::app_key(app_), Happening::Type::app_key, announce);
  });
  start("Consul", true, [this](const std::stop_token&, const Announce& announce) {
    watch_key(contract::maintenance_key(app_), Happening::Type::maintenance, announce);
  });
  for (const auto& node : nodes) {
    start("Docker events of " + node, false,
          [this, node](const std::stop_token&, const Announce& announce) { watch_docker(node, announce); });
  }
  const auto deadline = cluster_.within(start_budget);
  logs_.emplace(cluster_.handler_logs(), hear(Happening::Type::log_line, "handler log"));
  taken_.emplace(cluster_.events_logs(), hear(Happening::Type::event_taken, "events.log"));
  const bool followed = cluster_.handler_logs().wait_until_followed(deadline) &&
                        cluster_.events_logs().wait_until_followed(deadline);
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, deadline.at(), [this] { return starting_ == 0 || error_; });
  if (error_) std::rethrow_exception(error_);
  if (starting_ > 0 || !followed) {
    const auto why = fmt_seconds("cannot watch the cluster within", deadline.budget());
    if (outage_ && outage_->lasts) throw Error(outage_->kind, why + ": " + outage_->why);
    throw Error(Kind::timeout, why);
  }
}

Watch::~Watch() {
  for (auto& thread : threads_) thread.request_stop();
}

void Watch::start(std::string source, bool fatal, Work work) {
  threads_.emplace_back([this, source = std::move(source), fatal, work = std::move(work),
                         shielded = cluster_.shielded()](const std::stop_token& stop) {
    bool announced = false;
    const Announce announce = [&] {
      if (std::exchange(announced, true)) return;
      const std::lock_guard lock(mutex_);
      --starting_;
      changed_.notify_all();
    };
    std::exception_ptr error;
    try {
      std::optional<InterruptShield> shield;
      if (shielded) shield.emplace();
      const http::StopScope scope(stop);
      work(stop, announce);
    } catch (...) {
      error = std::current_exception();
    }
    if (!stop.stop_requested()) ended(source, fatal, error);
    announce();
  });
}

void Watch::post(Happening happening) {
  const std::lock_guard lock(mutex_);
  queue_.push_back(std::move(happening));
  changed_.notify_all();
}

void Watch::ended(const std::string& source, bool fatal, const std::exception_ptr& error) {
  const std::lock_guard lock(mutex_);
  blind_[source] = error ? error_text(error) : "ended";
  // A signal interrupts every source; the first source that reports it ends the wait.
  if (error && (fatal || is_interrupt(error)) && !error_) error_ = error;
  changed_.notify_all();
}

LogListener Watch::hear(Happening::Type type, const std::string& file) {
  return {.on_line =
              [this, type](const std::string& node, const std::string& line) {
                post({type, node, line});
              },
          .on_sight = [this, file](const std::string& node,
                                   const std::string& why) { log_sight(file + " of " + node, why); }};
}

void Watch::log_sight(const std::string& source, const std::string& why) {
  const std::lock_guard lock(mutex_);
  if (why.empty()) {
    blind_.erase(source);
  } else {
    blind_[source] = why;
  }
}

std::optional<Happening> Watch::next(Deadline deadline) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, deadline.at(), [this] { return !queue_.empty() || error_; });
  if (!queue_.empty()) {
    auto happening = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    cluster_.tell(happening);
    return happening;
  }
  if (error_) std::rethrow_exception(error_);
  return std::nullopt;
}

std::optional<Outage> Watch::outage() const {
  const std::lock_guard lock(mutex_);
  auto present = outage_;
  if (present && present->lasts) present->until = std::chrono::steady_clock::now();
  if (!present || (longest_ && longest_->until - longest_->since > present->until - present->since))
    return longest_;
  return present;
}

void Watch::await_consul(Deadline deadline) {
  std::unique_lock lock(mutex_);
  const bool known = outage_ && outage_->lasts;
  changed_.wait_until(lock, known ? deadline.at() : deadline.at_most(retry_pause).at(),
                      [&] { return error_ || (known && !outage_->lasts); });
  if (error_) std::rethrow_exception(error_);
}

void Watch::consul_failed(const std::string& key, const Error& error) {
  const std::lock_guard lock(mutex_);
  unread_.insert(key);
  if (!outage_ || !outage_->lasts) {
    const auto now = std::chrono::steady_clock::now();
    outage_ = Outage{now, now, true, error.kind(), {}};
  }
  outage_->kind = error.kind();
  outage_->why = error.line();
}

void Watch::consul_answered(const std::string& key) {
  const std::lock_guard lock(mutex_);
  unread_.erase(key);
  if (!unread_.empty() || !outage_ || !outage_->lasts) return;
  outage_->lasts = false;
  outage_->until = std::chrono::steady_clock::now();
  if (!longest_ || outage_->until - outage_->since > longest_->until - longest_->since) longest_ = outage_;
  changed_.notify_all();
}

std::vector<std::string> Watch::blind() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> all;
  for (const auto& [source, why] : blind_) all.push_back(fmt::format("{}: {}", source, why));
  return all;
}

void Watch::watch_key(const std::string& key, Happening::Type type, const Announce& announce) {
  auto consul = cluster_.consul_client();
  std::uint64_t index = 0;
  std::optional<std::uint64_t> last;  // 0: absent
  bool watched = false;
  while (true) {
    consul::Indexed<std::optional<consul::KeyValue>> read;
    try {
      read = consul.get(key, consul::Blocking{index}, Deadline::in(longest_watch));
    } catch (const Error& e) {
      // Consul without a leader (unavailable) may answer soon. Any other failure of the first read is final.
      if (e.kind() == Kind::interrupted || (!watched && e.kind() != Kind::unavailable)) throw;
      consul_failed(key, e);
      http::StopScope::pause(retry_pause);
      continue;
    }
    consul_answered(key);
    // Consul's documentation requires: if the index decreases, start again with 0.
    index = read.index < index ? 0 : read.index;
    const std::uint64_t version = read.value ? read.value->modify_index : 0;
    if (last != version) {
      last = version;
      std::optional<std::string> value;
      if (read.value) value = read.value->value;
      post({type, "", std::move(value)});
    }
    watched = true;
    announce();
  }
}

void Watch::watch_docker(const std::string& node, const Announce& announce) {
  docker::Client docker(cluster_.docker_server(node));
  const auto on_open = [&] {
    announce();
    return false;
  };
  docker.watch(
      [&](const docker::EngineEvent& event) {
        post({Happening::Type::docker, node, fmt::format("{} {} {}", event.type, event.action, event.name)});
        return false;
      },
      Deadline::in(longest_watch), 0, {{"type", {"container", "volume", "network"}}}, on_open);
}

}  // namespace labctl::cluster
