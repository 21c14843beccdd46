#include "cluster_view.hpp"

namespace labctl::doctor::view {

std::span<const Case> cluster_cases() {
  static const Case all[] = {
      {"no handler watch",
       [](auto& s) { node(s, "core2").facts.watches = 0; },
       {"handler-watch-missing"},
       {"core2"}},
      {"watches that nobody could see",
       [](auto& s) { node(s, "core2").facts.watches = std::nullopt; },
       {},
       {}},
      {"a local volume",
       [](auto& s) { node(s, "core2").facts.foreign_volumes = {"p_data of p on core2 has driver local"}; },
       {"volume-not-managed"},
       {"core2"}},
      {"a maintenance key and no deployment",
       [](auto& s) { s.catalog.maintenance = {"maintenance/shop_x.12345"}; },
       {"maintenance-left"},
       {"shop_x.12345"}},
      {"a maintenance key that a killed test wrote",
       [](auto& s) {
         s.catalog.maintenance = {"maintenance/shop_x.12345"};
         s.faults.push_back({cluster::WrittenKey{"maintenance/shop_x.12345"}, {}});
       },
       {"fault-left"},
       {"Consul"}},
      {"a maintenance key during a deployment",
       [](auto& s) {
         s.catalog.maintenance = {"maintenance/shop_x.12345"};
         s.catalog.marks = {"migrate/shop_x.12345/success"};
         s.catalog.deploy_ids["shop_x.12345"] = "old";
         s.catalog.latest_events["shop_x.12345"] = {"deploy", "new"};
       },
       {},
       {}},
      {"a maintenance key after the deployment",
       [](auto& s) {
         s.catalog.maintenance = {"maintenance/shop_x.12345"};
         s.catalog.deploy_ids["shop_x.12345"] = "new";
         s.catalog.latest_events["shop_x.12345"] = {"deploy", "new"};
       },
       {"maintenance-left"},
       {"shop_x.12345"}},
      {"a mark of a branch with a slash, and a move that was called off",
       [](auto& s) {
         s.catalog.marks = {"migrate/shop_f/x.12345/success", "migrate/other.12345@called-off"};
       },
       {"mark-left"},
       {"shop_f/x.12345"}},
      {"a domain that is not rendered",
       [](auto& s) {
         auto& proxies = node(s, "core4").facts.proxies;
         proxies.domains_not_rendered = {"shop.lab"};
         proxies.haproxy_process_age = 1000;
       },
       {"proxy-not-rendered"},
       {"core4"}},
      {"a site that is not rendered",
       [](auto& s) {
         auto& proxies = node(s, "core4").facts.proxies;
         proxies.keys_not_rendered = {"http://shop.lab"};
         proxies.caddy.differs = "its sites have other directives";
       },
       {"proxy-not-rendered"},
       {"core4"}},
      {"an HAProxy with an old configuration",
       [](auto& s) { node(s, "core4").facts.proxies.haproxy_process_age = 1000; },
       {"haproxy-not-reloaded"},
       {"core4"}},
      {"an HAProxy that is about to be reloaded",
       [](auto& s) {
         node(s, "core4").facts.proxies.haproxy_file_age = 2;
         node(s, "core4").facts.proxies.haproxy_process_age = 1000;
       },
       {},
       {}},
      {"a Caddy with another configuration than its file",
       [](auto& s) { node(s, "core4").facts.proxies.caddy.differs = "its sites have other directives"; },
       {"caddy-not-reloaded"},
       {"core4"}},
      {"a Caddy that does not know a site",
       [](auto& s) { node(s, "core4").facts.proxies.caddy.keys_not_served = {"http://shop.lab"}; },
       {"caddy-not-reloaded"},
       {"core4"}},
      {"a Caddy that is about to be reloaded",
       [](auto& s) {
         auto& caddy = node(s, "core4").facts.proxies.caddy;
         caddy.file_age = 2;
         caddy.differs = "it has no site for shop.lab";
         caddy.keys_not_served = {"http://shop.lab"};
       },
       {},
       {}},
      {"a Caddy whose file nobody could see",
       [](auto& s) {
         auto& caddy = node(s, "core4").facts.proxies.caddy;
         caddy.file_age = std::nullopt;
         caddy.keys_not_served = {"http://shop.lab"};
       },
       {},
       {}},
      {"a clock that is ahead",
       [](auto& s) {
         node(s, "core3").facts.clock = ClockSeen{2.5, 2.9};
       },
       {"clock-skew"},
       {"core3"}},
      {"a clock that is behind",
       [](auto& s) {
         node(s, "core3").facts.clock = ClockSeen{-3600.5, -3600};
       },
       {"clock-skew"},
       {"core3"}},
      {"a slow answer, which proves nothing",
       [](auto& s) {
         node(s, "core3").facts.clock = ClockSeen{-6, 1.5};
       },
       {},
       {}},
      {"a full disk",
       [](auto& s) {
         node(s, "core1").facts.disks = {{"/", 1e11, 1e9, 1e6, 9e5}};
       },
       {"disk-nearly-full"},
       {"core1"}},
      {"a big disk with a small share left",
       [](auto& s) {
         node(s, "core1").facts.disks = {{"/", 1e13, 1e11, 0, 0}};
       },
       {},
       {}},
      {"no inodes left",
       [](auto& s) {
         node(s, "core1").facts.disks = {{"/deploy", 1e11, 5e10, 1e6, 1e3}};
       },
       {"disk-nearly-full"},
       {"core1"}},
  };
  return all;
}

}  // namespace labctl::doctor::view
