#include "cluster_view.hpp"

namespace labctl::doctor::view {

std::span<const Case> tunnel_cases() {
  static const Case all[] = {
      {"no daemon",
       [](auto& s) { stop_daemon(s, LocalEndSeen::State::missing); },
       {"daemon-not-running"},
       {"daemon"}},
      {"a killed daemon's sockets",
       [](auto& s) { stop_daemon(s, LocalEndSeen::State::nobody_listens); },
       {"stale-socket"},
       {"/run/t/docker_core1.sock", "/run/t/docker_core2.sock", "/run/t/docker_core3.sock",
        "/run/t/docker_core4.sock"}},
      {"one stale socket and no daemon",
       [](auto& s) {
         stop_daemon(s, LocalEndSeen::State::missing);
         forward(s, "docker_core3").end.state = LocalEndSeen::State::nobody_listens;
       },
       {"stale-socket"},
       {"/run/t/docker_core3.sock"}},
      {"a daemon that does not answer",
       [](auto& s) {
         stop_daemon(s, LocalEndSeen::State::accepts);
         s.daemon.state = DaemonSeen::State::silent;
         s.daemon.problem = "no answer in 5 s";
       },
       {"daemon-silent"},
       {"daemon"}},
      {"somebody else on Consul's port",
       [](auto& s) {
         stop_daemon(s, LocalEndSeen::State::missing);
         forward(s, "consul").end.state = LocalEndSeen::State::accepts;
         s.consul.leader = "x";
       },
       {"port-taken", "daemon-not-running"},
       {"127.0.0.1:8500"}},
      {"a stale socket under a running daemon",
       [](auto& s) { forward(s, "docker_core3").end.state = LocalEndSeen::State::nobody_listens; },
       {"stale-socket"},
       {"/run/t/docker_core3.sock"}},
      {"a removed socket",
       [](auto& s) { forward(s, "docker_core3").end.state = LocalEndSeen::State::missing; },
       {"socket-missing"},
       {"docker_core3"}},
      {"a plain file for a socket",
       [](auto& s) { forward(s, "docker_core3").end.state = LocalEndSeen::State::foreign_file; },
       {"socket-foreign"},
       {"/run/t/docker_core3.sock"}},
      {"another user's sockets",
       [](auto& s) { forward(s, "docker_core3").end.state = LocalEndSeen::State::not_permitted; },
       {"socket-not-permitted"},
       {"/run/t/docker_core3.sock"}},
      {"a daemon for fewer nodes",
       [](auto& s) {
         s.daemon.status->forwards.pop_back();
         forward(s, "web").end.state = LocalEndSeen::State::nobody_listens;
       },
       {"forward-not-carried"},
       {"web"}},
      {"a docker forward that is down for no reason we see",
       [](auto& s) { bring_down(s, "docker_core3", ssh::Cause::lost, "session lost"); },
       {"forward-down"},
       {"docker_core3"}},
      {"a remote forward whose server is not there", [](auto& s) { make_remote(s, "web"); }, {}, {}},
      {"a remote forward that sshd refuses",
       [](auto& s) {
         make_remote(s, "web");
         bring_down(s, "web", ssh::Cause::listen_failed, "sshd cannot listen");
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
      {"a further forward that is down",
       [](auto& s) { bring_down(s, "web", ssh::Cause::target_refused, "refused"); },
       {"forward-down"},
       {"web"}},
  };
  return all;
}

}  // namespace labctl::doctor::view
