#include "doctor/probes/proxies.hpp"

#include "doctor/probes/caddy.hpp"
#include "doctor/probes/process_table.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>

namespace labctl::doctor {
namespace {

using nlohmann::json;
using Texts = std::vector<std::string>;

bool runs(docker::Client& docker, const std::string& name, Deadline deadline) {
  const auto container = docker.container(name, deadline);
  return container && container->running();
}

std::optional<double> youngest_process(docker::Engine& engine, const std::string& container,
                                       Deadline deadline) {
  const auto table = processes_of(engine, container, "etimes", deadline);
  const auto ages = process_ages(table.titles, table.processes);
  if (ages.empty()) return std::nullopt;
  return *std::min_element(ages.begin(), ages.end());
}

bool is_among(const Texts& texts, const std::string& text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

void keep_common(Texts& later, const Texts& earlier) {
  std::erase_if(later, [&](const auto& text) { return !is_among(earlier, text); });
}

}  // namespace

ProxiesSeen look_at_proxies(docker::Engine& engine, docker::Client& docker,
                            const inventory::Conventions& conventions, const Promised& promised,
                            const NodeReport& report, Deadline deadline) {
  ProxiesSeen seen;
  const auto reported = std::chrono::steady_clock::now();
  if (report.haproxy_cfg) {
    seen.haproxy_file_age = report.haproxy_cfg->age;
    seen.domains_not_rendered = domains_without_rule(report.haproxy_cfg->text, promised.domains);
  }
  Texts rendered;
  if (const auto file = report.caddyfiles.find(rendered_caddyfile); file != report.caddyfiles.end()) {
    seen.keys_not_rendered = keys_without_site(file->second.text, promised.keys);
    std::copy_if(promised.keys.begin(), promised.keys.end(), std::back_inserter(rendered),
                 [&](const auto& key) { return !is_among(seen.keys_not_rendered, key); });
  }
  if (runs(docker, conventions.haproxy_container, deadline)) {
    seen.haproxy_process_age = youngest_process(engine, conventions.haproxy_container, deadline);
    // Both ages are those at the time of the report.
    if (seen.haproxy_process_age) {
      *seen.haproxy_process_age -=
          std::chrono::duration<double>(std::chrono::steady_clock::now() - reported).count();
    }
  }
  if (runs(docker, conventions.caddy_container, deadline))
    seen.caddy = look_at_caddy(engine, docker, conventions, rendered, report, deadline);
  return seen;
}

bool proxies_differ(const ProxiesSeen& seen) {
  return !seen.domains_not_rendered.empty() || !seen.keys_not_rendered.empty() ||
         !seen.caddy.keys_not_served.empty() || !seen.caddy.differs.empty();
}

ProxiesSeen seen_twice(const ProxiesSeen& earlier, ProxiesSeen later) {
  keep_common(later.domains_not_rendered, earlier.domains_not_rendered);
  keep_common(later.keys_not_rendered, earlier.keys_not_rendered);
  keep_common(later.caddy.keys_not_served, earlier.caddy.keys_not_served);
  if (earlier.caddy.differs.empty()) later.caddy.differs.clear();
  return later;
}

std::vector<double> process_ages(const std::vector<std::string>& titles,
                                 const std::vector<std::vector<std::string>>& processes) {
  const auto column = column_of(titles, "ELAPSED");
  if (!column) return {};
  std::vector<double> ages;
  for (const auto& process : processes) {
    if (process.size() <= *column) return {};
    const auto number = json::parse(process[*column], nullptr, false);
    if (!number.is_number_unsigned()) return {};
    ages.push_back(number.get<double>());
  }
  return ages;
}

std::vector<std::string> domains_without_rule(std::string_view haproxy_cfg,
                                              const std::vector<std::string>& domains) {
  std::vector<std::string> missing;
  if (haproxy_cfg.empty()) return missing;
  for (const auto& domain : domains) {
    if (haproxy_cfg.find("hdr(host) -i " + domain + " }") == std::string_view::npos)
      missing.push_back(domain);
  }
  return missing;
}

}  // namespace labctl::doctor
