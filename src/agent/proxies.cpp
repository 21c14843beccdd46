#include "agent/proxies.hpp"

#include "agent/caddy/translation.hpp"
#include "base/current_error.hpp"
#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "docker/client.hpp"
#include "http/stop.hpp"

#include <spdlog/spdlog.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <functional>

namespace labctl::agent {
namespace {

using namespace std::chrono_literals;

// consul-template gives the command 30 s.
constexpr auto reload_budget = 25s;
// The wait for the log line with which HAProxy begins to reload.
constexpr auto begin_budget = 700ms;
// A Caddy that was started a moment ago does not answer on its admin port yet, and says nothing when it does.
constexpr auto start_budget = 8s;
constexpr auto start_pause = 300ms;

docker::Client docker_of(const Settings& settings) {
  return docker::Client(Endpoint::unix_socket(settings.docker_socket));
}

// Whether a user stopped the container (docker stop, docker kill), judged by its exit status. That user has
// to start it again: if a deployment restarted it, nobody would notice that it was down.
bool stopped_on_purpose(const docker::Container& container) {
  return container.state == "exited" && (container.exit_code == 0 || container.exit_code == 128 + SIGTERM ||
                                         container.exit_code == 128 + SIGKILL);
}

// Runs `tell`; restarts the container if that fails.
void tell_or_restart(const Settings& settings, const std::string& container,
                     const std::function<void(docker::Client&)>& tell) {
  try {
    auto docker = docker_of(settings);
    const auto found = docker.container(container, Deadline::in(10s));
    if (!found) {
      spdlog::warn("there is no {} to reload", container);
      return;
    }
    // A container in state "created" is about to start; a restart would stop it again.
    if (found->state == "created" || stopped_on_purpose(*found)) {
      spdlog::warn("{} is {}; it reads the new file when it is started", container, found->state);
      return;
    }
    try {
      if (!found->running()) throw Error(Kind::unavailable, "not running", container);
      tell(docker);
      spdlog::info("{} reloaded", container);
    } catch (...) {
      spdlog::warn("{} is restarted: {}", container, current_error().line());
      docker.restart(container, Deadline::in(30s));
    }
  } catch (...) {
    spdlog::error("{} cannot be reloaded: {}", container, current_error().line());
  }
}

// Makes HAProxy reload its configuration; false if HAProxy rejects it. HAProxy ignores a SIGHUP during a
// reload, and for a moment after it has logged the end of one. So a SIGHUP without a log line is sent again,
// and this function waits for the log line at the end of the reload: consul-template must not send the next
// SIGHUP earlier.
bool hang_up(docker::Client& docker, const std::string& container) {
  const auto deadline = Deadline::in(reload_budget);
  bool refused = false;
  while (!deadline.passed()) {
    const auto since = std::chrono::system_clock::now();
    bool begun = false;
    const auto look = [&](std::string_view line) {
      begun = begun || line.find("Reloading HAProxy") != std::string_view::npos;
      refused = line.find("Loading failure") != std::string_view::npos;
      return !refused && line.find("Loading success") == std::string_view::npos;
    };
    docker.kill(container, "SIGHUP", Deadline::in(10s));
    if (docker.follow_logs(container, since, look, deadline.at_most(begin_budget))) return !refused;
    if (begun && docker.follow_logs(container, since, look, deadline)) return !refused;
  }
  spdlog::warn("{} did not report in time whether it loaded the new configuration", container);
  return true;
}

}  // namespace

void reload_haproxy(const Settings& settings) {
  const std::string container = "cluster_haproxy_1";
  tell_or_restart(settings, container, [&](docker::Client& docker) {
    if (!hang_up(docker, container))
      spdlog::error("{} rejects the configuration; the previous one stays active", container);
  });
}

void reload_caddy(const Settings& settings, const std::filesystem::path& source,
                  const std::filesystem::path& target, const std::string& seen_by_caddy) {
  const std::string container = "cluster_caddy_1";
  std::string text;
  try {
    const auto translation = translate_caddyfile(
        read_file(source), {.local_certs = std::getenv("LABCTL_CADDY_LOCAL_CERTS") != nullptr});
    for (const auto& warning : translation.warnings) spdlog::warn("Caddyfile: {}", warning);
    text = translation.text;
  } catch (...) {
    spdlog::error("the Caddyfile is not changed: {}", current_error().line());
    return;
  }
  const std::string before = std::filesystem::exists(target) ? read_file(target) : "";
  write_file(target, text);
  const auto caddy = [&](docker::Client& docker, const std::string& verb) {
    return docker.exec(container, {"caddy", verb, "--config", seen_by_caddy, "--adapter", "caddyfile"},
                       Deadline::in(30s));
  };
  tell_or_restart(settings, container, [&](docker::Client& docker) {
    auto reload = caddy(docker, "reload");
    if (reload.ok()) return;
    // Either the text is invalid, or Caddy does not answer. Time or a restart helps only in the second case.
    const auto validate = caddy(docker, "validate");
    if (validate.ok()) {
      for (const auto start = Deadline::in(start_budget); !start.passed();) {
        http::StopScope::pause(start_pause);
        reload = caddy(docker, "reload");
        if (reload.ok()) return;
      }
      throw Error(Kind::unavailable, last_line(reload.err), container);
    }
    write_file(std::filesystem::path(target) += ".rejected", text);
    if (!before.empty()) write_file(target, before);
    spdlog::error("Caddy rejects the configuration; the previous one stays active: {}",
                  last_line(validate.err));
  });
}

}  // namespace labctl::agent
