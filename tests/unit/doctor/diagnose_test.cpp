#include "doctor/diagnose.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>

namespace labctl::doctor {
namespace {

using ssh::Cause;
using State = LocalEndSeen::State;
using tunnels::ForwardState;

const std::string yaml =
    "version: 1\nnodes: {core1: {address: 10.0.0.1}, core2: {address: 10.0.0.2}, core3: {address: 10.0.0.3}, "
    "core4: {address: 10.0.0.4}}\n"
    "consul: {via: [core1, core2]}\ndocker: {local: \"/run/t/docker_{node}.sock\"}\n"
    "forwards: [{name: web, via: core4, remote: \"localhost:80\", local: \"127.0.0.1:8080\"}]\n";

// Four nodes without a problem.
Observations healthy() {
  Observations seen;
  const auto inventory = inventory::parse(yaml, "inv.yaml");
  seen.runtime.path = "/run/t";
  seen.daemon.state = DaemonSeen::State::running;
  seen.daemon.status.emplace();
  seen.daemon.status->pid = 42;
  for (const auto& forward : inventory.forwards) {
    seen.forwards.push_back({forward, {State::accepts, {}}});
    tunnels::ForwardStatus status;
    status.name = forward.name;
    status.state = ForwardState::up;
    seen.daemon.status->forwards.push_back(status);
  }
  for (const auto& node : inventory.nodes) {
    NodeSeen one;
    one.name = node.name;
    one.containers = {
        {"cluster_consul_1", "running"}, {"cluster_haproxy_1", "running"}, {"cluster_caddy_1", "running"}};
    one.containers_known = true;
    seen.nodes.push_back(one);
  }
  seen.consul.leader = "10.0.0.1:8300";
  return seen;
}

ForwardSeen& forward(Observations& seen, const std::string& name) {
  return *std::find_if(seen.forwards.begin(), seen.forwards.end(),
                       [&](auto& f) { return f.forward.name == name; });
}
tunnels::ForwardStatus& status(Observations& seen, const std::string& name) {
  auto& all = seen.daemon.status->forwards;
  return *std::find_if(all.begin(), all.end(), [&](auto& f) { return f.name == name; });
}
NodeSeen& node(Observations& seen, const std::string& name) {
  return *std::find_if(seen.nodes.begin(), seen.nodes.end(), [&](auto& n) { return n.name == name; });
}

// What the daemon and a client see of a forward that is down.
void bring_down(Observations& seen, const std::string& name, Cause cause, const std::string& words) {
  auto& one = status(seen, name);
  one.state = ForwardState::down;
  one.last_error = tunnels::Problem::of(ssh::Failure(cause, words, name));
  auto& end = forward(seen, name).end;
  end.state = !forward(seen, name).forward.local.is_unix_socket() ? State::nobody_listens : State::missing;
}
// The node listens for this forward, and its server on this machine is not there.
void make_remote(Observations& seen, const std::string& name) {
  auto& one = forward(seen, name);
  one.forward.direction = inventory::Forward::Direction::remote;
  one.forward.local = Endpoint::unix_socket("/home/me/server.sock");
  one.end = {};
}
// No daemon runs, and no process listens on any local end.
void stop_daemon(Observations& seen, State sockets) {
  seen.daemon = {};
  for (auto& one : seen.forwards) {
    one.end.state = !one.forward.local.is_unix_socket() ? State::nobody_listens : sockets;
  }
  seen.consul = {};
  for (auto& one : seen.nodes) one.containers_known = false;
}
// The doctor's own login to a node fails, and so do the daemon's forwards through it.
void lose(Observations& seen, const std::string& name, Cause cause) {
  node(seen, name).login.emplace(cause, "cannot log in", name);
  bring_down(seen, "docker_" + name, cause == Cause::no_answer ? Cause::lost : cause, "session lost");
  node(seen, name).containers_known = false;
}

struct Case {
  const char* what;
  std::function<void(Observations&)> plant;
  std::vector<std::string> ids;
  std::vector<std::string> subjects;  // of the first finding
};

const Case cases[] = {
    {"everything in order", [](auto&) {}, {}, {}},
    {"no inventory",
     [](auto& s) {
       s = {};
       s.inventory.problem = Error(Kind::not_found, "no inventory: ...");
     },
     {"inventory-none"},
     {""}},
    {"two labs that are up",
     [](auto& s) {
       s = {};
       s.inventory.problem = Error(Kind::usage, "several labs are up");
     },
     {"inventory-ambiguous"},
     {""}},
    {"a broken inventory",
     [](auto& s) {
       s = {};
       s.inventory.problem = Error(Kind::invalid, "unknown key", "inv.yaml:3:1");
     },
     {"inventory-invalid"},
     {"inv.yaml:3:1"}},
    {"an inventory that is named but missing",
     [](auto& s) {
       s = {};
       s.inventory.problem = Error(Kind::not_found, "no such file", "x.yaml");
     },
     {"inventory-invalid"},
     {"x.yaml"}},
    {"a runtime folder for everybody",
     [](auto& s) { s.runtime.problem = "/run/t has mode 0777"; },
     {"runtime-folder"},
     {"/run/t"}},
    {"no daemon", [](auto& s) { stop_daemon(s, State::missing); }, {"daemon-not-running"}, {"daemon"}},
    {"a killed daemon's sockets",
     [](auto& s) { stop_daemon(s, State::nobody_listens); },
     {"stale-socket"},
     {"/run/t/docker_core1.sock", "/run/t/docker_core2.sock", "/run/t/docker_core3.sock",
      "/run/t/docker_core4.sock"}},
    {"one stale socket and no daemon",
     [](auto& s) {
       stop_daemon(s, State::missing);
       forward(s, "docker_core3").end.state = State::nobody_listens;
     },
     {"stale-socket"},
     {"/run/t/docker_core3.sock"}},
    {"a daemon that does not answer",
     [](auto& s) {
       stop_daemon(s, State::accepts);
       s.daemon.state = DaemonSeen::State::silent;
       s.daemon.problem = "no answer in 5 s";
     },
     {"daemon-silent"},
     {"daemon"}},
    {"somebody else on Consul's port",
     [](auto& s) {
       stop_daemon(s, State::missing);
       forward(s, "consul").end.state = State::accepts;
       s.consul.leader = "x";
     },
     {"port-taken", "daemon-not-running"},
     {"127.0.0.1:8500"}},
    {"a stale socket under a running daemon",
     [](auto& s) { forward(s, "docker_core3").end.state = State::nobody_listens; },
     {"stale-socket"},
     {"/run/t/docker_core3.sock"}},
    {"a removed socket",
     [](auto& s) { forward(s, "docker_core3").end.state = State::missing; },
     {"socket-missing"},
     {"docker_core3"}},
    {"a plain file for a socket",
     [](auto& s) { forward(s, "docker_core3").end.state = State::foreign_file; },
     {"socket-foreign"},
     {"/run/t/docker_core3.sock"}},
    {"another user's sockets",
     [](auto& s) { forward(s, "docker_core3").end.state = State::not_permitted; },
     {"socket-not-permitted"},
     {"/run/t/docker_core3.sock"}},
    {"a daemon for fewer nodes",
     [](auto& s) {
       s.daemon.status->forwards.pop_back();
       forward(s, "web").end.state = State::nobody_listens;
     },
     {"forward-not-carried"},
     {"web"}},
    {"a node without sshd",
     [](auto& s) { lose(s, "core3", Cause::unreachable); },
     {"node-unreachable"},
     {"core3"}},
    {"a node that swallows packets",
     [](auto& s) { lose(s, "core3", Cause::no_answer); },
     {"node-unreachable"},
     {"core3"}},
    {"a refused login beside a session that lives",
     [](auto& s) { node(s, "core3").login.emplace(Cause::key_refused, "no key accepted", "core3"); },
     {"key-refused"},
     {"core3"}},
    {"an option that cannot be followed",
     [](auto& s) { node(s, "core3").login.emplace(Cause::config_refused, "VerifyHostKeyDNS", "core3"); },
     {"ssh-config-refused"},
     {"core3"}},
    {"a second factor",
     [](auto& s) { lose(s, "core3", Cause::second_factor); },
     {"second-factor"},
     {"core3"}},
    {"an agent that waits for somebody",
     [](auto& s) { lose(s, "core3", Cause::agent_silent); },
     {"agent-silent"},
     {"core3"}},
    {"a node too busy for a login",
     [](auto& s) { node(s, "core3").login.emplace(Cause::no_answer, "no answer", "core3"); },
     {"node-slow"},
     {"core3"}},
    {"a session that ends while we look",
     [](auto& s) {
       node(s, "core3").docker.emplace(Cause::lost, "lost", "core3");
       bring_down(s, "docker_core3", Cause::lost, "lost");
     },
     {"node-unreachable"},
     {"core3"}},
    {"an engine that did not open for us but answers",
     [](auto& s) { node(s, "core3").docker.emplace(Cause::target_no_answer, "no answer", "core3"); },
     {},
     {}},
    {"a name that does not resolve",
     [](auto& s) { lose(s, "core2", Cause::name_unknown); },
     {"node-name-unknown"},
     {"core2"}},
    {"an unknown host key",
     [](auto& s) { lose(s, "core2", Cause::host_key_unknown); },
     {"host-key-unknown"},
     {"core2"}},
    {"a changed host key",
     [](auto& s) { lose(s, "core2", Cause::host_key_changed); },
     {"host-key-changed"},
     {"core2"}},
    {"a revoked host key",
     [](auto& s) { lose(s, "core2", Cause::host_key_revoked); },
     {"host-key-revoked"},
     {"core2"}},
    {"a missing key file",
     [](auto& s) {
       for (auto& n : s.nodes) n.login.emplace(Cause::identity_missing, "no such key", "/k");
     },
     {"identity-missing"},
     {"core1", "core2", "core3", "core4"}},
    {"a key for everybody",
     [](auto& s) { node(s, "core1").login.emplace(Cause::identity_too_open, "mode 0644", "/k"); },
     {"identity-too-open"},
     {"core1"}},
    {"a locked key",
     [](auto& s) { node(s, "core1").login.emplace(Cause::identity_encrypted, "passphrase", "/k"); },
     {"identity-encrypted"},
     {"core1"}},
    {"a public key",
     [](auto& s) { node(s, "core1").login.emplace(Cause::identity_invalid, "no key", "/k"); },
     {"identity-invalid"},
     {"core1"}},
    {"a web server on port 22",
     [](auto& s) { node(s, "core1").login.emplace(Cause::protocol, "banner", "core1"); },
     {"not-ssh"},
     {"core1"}},
    {"forbidden forwarding",
     [](auto& s) {
       node(s, "core4").docker.emplace(Cause::forwarding_denied, "denied", "core4");
       bring_down(s, "docker_core4", Cause::forwarding_denied, "denied");
       bring_down(s, "web", Cause::forwarding_denied, "denied");
     },
     {"forwarding-denied"},
     {"core4"}},
    {"a stopped engine",
     [](auto& s) {
       node(s, "core3").docker.emplace(Cause::target_refused, "refused", "core3");
       node(s, "core3").containers_known = false;
       bring_down(s, "docker_core3", Cause::target_refused, "refused");
     },
     {"docker-down"},
     {"core3"}},
    {"an engine that does not answer",
     [](auto& s) { forward(s, "docker_core3").end.no_answer = Error(Kind::timeout, "no answer"); },
     {"docker-down"},
     {"core3"}},
    {"a docker forward that is down for no reason we see",
     [](auto& s) { bring_down(s, "docker_core3", Cause::lost, "session lost"); },
     {"forward-down"},
     {"docker_core3"}},
    {"a remote forward whose server is not there", [](auto& s) { make_remote(s, "web"); }, {}, {}},
    {"a remote forward that sshd refuses",
     [](auto& s) {
       make_remote(s, "web");
       bring_down(s, "web", Cause::listen_failed, "sshd cannot listen");
     },
     {"forward-down"},
     {"web"}},
    {"a remote forward that the daemon does not know",
     [](auto& s) {
       make_remote(s, "web");
       s.daemon.status->forwards.pop_back();
     },
     {"forward-not-carried"},
     {"web"}},
    {"no Consul on any way",
     [](auto& s) {
       for (const auto* n : {"core1", "core2"}) {
         node(s, n).consul.emplace(Cause::target_refused, "refused", n);
         node(s, n).containers["cluster_consul_1"] = "exited";
       }
       bring_down(s, "consul", Cause::target_refused, "refused");
       s.consul = {};
     },
     {"consul-forward-down"},
     {"consul"}},
    {"a Consul forward that hangs",
     [](auto& s) {
       forward(s, "consul").end.no_answer = Error(Kind::timeout, "no answer");
       s.consul = {};
     },
     {"consul-forward-down"},
     {"consul"}},
    {"an empty leader", [](auto& s) { s.consul.leader = ""; }, {"consul-no-leader"}, {"consul"}},
    {"an answer of 500",
     [](auto& s) {
       s.consul = {};
       forward(s, "consul").end.no_answer = Error(Kind::unavailable, "No cluster leader");
     },
     {"consul-no-leader"},
     {"consul"}},
    {"a daemon that took the forward down for want of a leader",
     [](auto& s) {
       s.consul = {};
       bring_down(s, "consul", Cause::bad_answer, "no leader");
     },
     {"consul-no-leader"},
     {"consul"}},
    {"no Consul anywhere, which the daemon last heard to have no leader",
     [](auto& s) {
       s.consul = {};
       bring_down(s, "consul", Cause::bad_answer, "no leader");
       for (auto& n : s.nodes) n.consul.emplace(Cause::target_refused, "refused", n.name);
     },
     {"consul-forward-down"},
     {"consul"}},
    {"two stopped servers",
     [](auto& s) {
       s.consul.leader = "";
       for (const auto* n : {"core3", "core4"}) node(s, n).containers["cluster_consul_1"] = "exited";
     },
     {"consul-no-leader"},
     {"consul"}},
    {"one way to Consul down",
     [](auto& s) {
       node(s, "core1").consul.emplace(Cause::target_refused, "refused", "core1");
       node(s, "core1").containers["cluster_consul_1"] = "exited";
       s.consul.failed_members = {"core1"};
     },
     {"consul-agent-down"},
     {"core1"}},
    {"a lost member",
     [](auto& s) { s.consul.failed_members = {"core4"}; },
     {"consul-member-failed"},
     {"core4"}},
    {"a lost member on a node that is gone",
     [](auto& s) {
       lose(s, "core3", Cause::unreachable);
       s.consul.failed_members = {"core3"};
     },
     {"node-unreachable"},
     {"core3"}},
    {"no node of via reachable",
     [](auto& s) {
       lose(s, "core1", Cause::unreachable);
       lose(s, "core2", Cause::unreachable);
       bring_down(s, "consul", Cause::unreachable, "x");
       s.consul = {};
     },
     {"node-unreachable"},
     {"core1", "core2"}},
    {"a stopped HAProxy",
     [](auto& s) { node(s, "core2").containers["cluster_haproxy_1"] = "exited"; },
     {"container-not-running"},
     {"core2"}},
    {"a proxy that a killed test stopped, and another that is down by itself",
     [](auto& s) {
       for (const auto* name : {"core2", "core3"}) node(s, name).containers["cluster_caddy_1"] = "exited";
       s.faults.push_back({cluster::StoppedContainer{"core2", "cluster_caddy_1"}, {}});
     },
     {"fault-left", "container-not-running"},
     {"core2"}},
    {"a further forward that is down",
     [](auto& s) { bring_down(s, "web", Cause::target_refused, "refused"); },
     {"forward-down"},
     {"web"}},
    {"things of a killed lab",
     [](auto& s) {
       s.labs = {{"old", {"bridge lab-old"}}, {"gone", {}}};
     },
     {"lab-leftovers"},
     {"old"}},
    {"a probe that broke",
     [](auto& s) { s.broken_probes = {"nodes: no memory"}; },
     {"probe-failed"},
     {"nodes"}},
    {"two faults at once",
     [](auto& s) {
       lose(s, "core3", Cause::key_refused);
       node(s, "core4").docker.emplace(Cause::target_refused, "refused", "core4");
       bring_down(s, "docker_core4", Cause::target_refused, "refused");
     },
     {"key-refused", "docker-down"},
     {"core3"}},
};

// The findings that tests/integration/doctor/faults.sh expects.
std::set<std::string> found_on_the_lab() {
  std::ifstream script(LABCTL_SOURCE_DIR "/tests/integration/doctor/faults.sh");
  std::set<std::string> ids;
  for (std::string line; std::getline(script, line);) {
    std::istringstream words(line);
    std::string word;
    if (!(words >> word) || word != "expect_findings") continue;
    while (words >> word && word != "--") ids.insert(word);
  }
  return ids;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(diagnosing)

BOOST_AUTO_TEST_CASE(each_fault_is_named_and_nothing_that_follows_from_it) {
  for (const auto& one : cases) {
    BOOST_TEST_CONTEXT(one.what) {
      auto seen = healthy();
      one.plant(seen);
      const auto findings = diagnose(seen);
      std::vector<std::string> ids;
      for (const auto& finding : findings) ids.push_back(finding.id);
      BOOST_CHECK_EQUAL_COLLECTIONS(ids.begin(), ids.end(), one.ids.begin(), one.ids.end());
      if (findings.empty()) continue;
      BOOST_CHECK_EQUAL_COLLECTIONS(findings[0].subjects.begin(), findings[0].subjects.end(),
                                    one.subjects.begin(), one.subjects.end());
      for (const auto& finding : findings) {
        BOOST_CHECK_MESSAGE(!finding.evidence.empty(), finding.id + " has no evidence");
        BOOST_CHECK_MESSAGE(!finding.remedy.empty() && finding.remedy.find("{}") == std::string::npos,
                            finding.id);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(no_leader_tells_which_servers_are_stopped) {
  auto seen = healthy();
  seen.consul.leader = "";
  node(seen, "core4").containers["cluster_consul_1"] = "exited";
  const auto evidence = diagnose(seen).at(0).evidence;
  BOOST_CHECK(std::find(evidence.begin(), evidence.end(), "cluster_consul_1 on core4 is exited") !=
              evidence.end());
}

// By a case here, or by a fault that is injected into the lab.
BOOST_AUTO_TEST_CASE(every_kind_of_trouble_can_be_found) {
  std::set<std::string> found = found_on_the_lab();
  BOOST_CHECK_GT(found.size(), 10u);
  for (const auto& one : cases) found.insert(one.ids.begin(), one.ids.end());
  for (const auto& trouble : catalogue()) {
    BOOST_CHECK_MESSAGE(found.contains(std::string(trouble.id)),
                        std::string(trouble.id) + " is in the catalogue, but no test leads to it");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::doctor
