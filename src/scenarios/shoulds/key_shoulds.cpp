#include "base/text.hpp"
#include "runner/check.hpp"
#include "scenarios/per_node.hpp"
#include "scenarios/shoulds/placement_shoulds.hpp"

#include <fmt/format.h>

#include <map>

// Shoulds about the app's keys in Consul's KV store and about its clones.
namespace labctl::scenarios {

using runner::check;
using runner::check_equal;

namespace {

void check_published(Cluster&, const Placed& s) {
  const auto& record = record_of(s);
  const auto domains =
      s.service.through_caddy() ? std::vector<std::string>{s.service.domain} : std::vector<std::string>{};
  check_equal(record.domains, domains, "domains");
  check_equal(record.urls, join(s.service.sites, ", "), "urls");
  if (s.service.through_caddy()) {
    check(record.caddyfile.find(s.container("anyblok") + ":8080") != std::string::npos,
          "a proxy to " + s.container("anyblok") + ":8080", record.caddyfile, "caddyfile");
  } else {
    check_equal(record.caddyfile, std::string(), "caddyfile");
  }
  Things configs;
  for (const auto& [name, config] : record.haproxy.items()) configs.insert(name);
  check_equal(configs, as_set(s.service.haproxy_configs), "haproxy");
}

}  // namespace

const contract::Record& record_of(const Placed& s) {
  const auto& record = s.seen->record.get();
  check(!record.empty(), contract::app_key(s.app.app), "no such key", "Consul KV");
  return record.front();
}

void key_shoulds(runner::Block<Placed>& block, const TestService& service, const Placement& at) {
  block.should("have a key in the KV store", [](Cluster&, Placed& s) { record_of(s); });
  block.should(fmt::format("name {} as master and {} as slave there", at.master, at.slave.value_or("nobody")),
               [at](Cluster&, Placed& s) {
                 const auto& record = record_of(s);
                 check_equal(record.at.master, at.master, "master");
                 check_equal(record.at.slave, at.slave, "slave");
                 check_equal(record.ip, s.seen->address(at.master), "ip");
               });
  block.should("say there which event, repository and branch it comes from", [](Cluster&, Placed& s) {
    const auto& record = record_of(s);
    const auto& before = s.deployment.before;
    check_equal(record.deploy_id, s.deployment.event_id, "deploy_id");
    check_equal(record.previous_deploy_id, before ? std::optional(before->deploy_id) : std::nullopt,
                "previous_deploy_id");
    check_equal(record.repo_url, s.app.repo_url, "repo_url");
    check_equal(record.branch, s.app.branch, "branch");
  });
  block.should("list its managed volumes there, and no other", [](Cluster&, Placed& s) {
    const auto& record = record_of(s);
    Things expected;
    for (const auto& key : s.service.managed_keys()) expected.insert(s.volume(key));
    check_no_doubles(record.volumes, "volumes");
    check_equal(as_set(record.volumes), expected, "volumes");
  });
  block.should("list its containers there by service", [](Cluster&, Placed& s) {
    const auto& record = record_of(s);
    std::map<std::string, std::string> expected;
    for (const auto& name : s.service.services) expected[name] = s.container(name);
    check_equal(std::map<std::string, std::string>(record.ct.begin(), record.ct.end()), expected, "ct");
  });
  block.should(service.through_caddy() ? "publish its domain, URL and proxy configurations there"
                                       : "publish HAProxy configurations there, and nothing for Caddy",
               check_published);
  block.should("leave no maintenance or transfer mark", [](Cluster&, Placed& s) {
    check_equal(s.seen->marks.get(), std::vector<std::string>{}, "keys of " + s.app.app);
  });
}

void clone_shoulds(runner::Block<Placed>& block, const Placement& at) {
  const auto nodes = at.nodes();
  const std::string clones = nodes.size() == 1 ? "its clone" : "both clones";
  block.should(fmt::format("be cloned on {} only, with no older clone", both(at)),
               [nodes](Cluster& c, Placed& s) {
                 const auto clone = contract::clone_name(s.app.app, s.deployment.event_id);
                 std::map<std::string, Things> expected;
                 for (const auto& node : nodes) expected[node] = {clone};
                 check_per_node(look(c, [&](const auto& node) { return as_set(s.seen->clones.at(node)); }),
                                expect(c, expected));
               });
  block.should("have the project's name, alone, in .env of " + clones, [nodes](Cluster&, Placed& s) {
    const auto clone = contract::clone_name(s.app.app, s.deployment.event_id);
    for (const auto& node : nodes) {
      const auto seen = s.seen->clone(node, clone);
      const auto where = node + " " + clone + "/.env";
      check(seen && seen->env, "COMPOSE_PROJECT_NAME=" + s.app.project,
            seen && !seen->env_error.empty() ? seen->env_error : "no such file", where);
      check_equal(trim(*seen->env), "COMPOSE_PROJECT_NAME=" + s.app.project, where);
    }
  });
  block.should("have " + clones + " on the branch's commit", [nodes](Cluster&, Placed& s) {
    const auto clone = contract::clone_name(s.app.app, s.deployment.event_id);
    for (const auto& node : nodes) {
      const auto seen = s.seen->clone(node, clone);
      check(seen.has_value(), "a clone on commit " + s.commit, "no such clone", node + " " + clone);
      check_equal(seen->head_error.empty() ? seen->head : seen->head_error, s.commit, node + " " + clone);
    }
  });
}

}  // namespace labctl::scenarios
