#include "cluster_view.hpp"

namespace labctl::doctor::view {

std::span<const Case> engine_cases() {
  static const Case all[] = {
      {"an engine that did not open for us but answers",
       [](auto& s) { node(s, "core3").docker.emplace(ssh::Cause::target_no_answer, "no answer", "core3"); },
       {},
       {}},
      {"a stopped engine",
       [](auto& s) {
         node(s, "core3").docker.emplace(ssh::Cause::target_refused, "refused", "core3");
         node(s, "core3").containers_known = false;
         bring_down(s, "docker_core3", ssh::Cause::target_refused, "refused");
       },
       {"docker-down"},
       {"core3"}},
      {"an engine that does not answer",
       [](auto& s) { forward(s, "docker_core3").end.no_answer = Error(Kind::timeout, "no answer"); },
       {"docker-down"},
       {"core3"}},
      {"a stopped HAProxy",
       [](auto& s) { node(s, "core2").containers["cluster_haproxy_1"] = "exited"; },
       {"container-not-running"},
       {"core2"}},
      {"a disabled volume plugin",
       [](auto& s) { node(s, "core2").facts.volume_driver = "the plugin is disabled"; },
       {"volume-plugin-off"},
       {"core2"}},
      {"volume drivers that nobody could see",
       [](auto& s) { node(s, "core2").facts.volume_driver = std::nullopt; },
       {},
       {}},
      {"a user who may not use the engine",
       [](auto& s) {
         node(s, "core3").docker.emplace(ssh::Cause::target_denied, "permission denied", "core3");
         bring_down(s, "docker_core3", ssh::Cause::target_denied, "permission denied");
       },
       {"docker-not-permitted"},
       {"core3"}},
  };
  return all;
}

}  // namespace labctl::doctor::view
