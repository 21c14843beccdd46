#include "cluster/fault.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cluster/budgets.hpp"
#include "cluster/host_folder.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace labctl::cluster {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

constexpr auto stop_budget = 30s;  // Docker gives a container 10 s to stop by itself

// The same functions for each kind of fault, as overloads: one group per kind.

std::string what_of(const StoppedContainer& f) { return "container " + f.container + " is stopped"; }
Json json_of(const StoppedContainer& f) {
  return {{"kind", "stopped-container"}, {"node", f.node}, {"container", f.container}};
}
void apply_it(Cluster& c, const StoppedContainer& f) {
  c.docker(f.node).stop(f.container, c.within(stop_budget));
}
void undo_it(Cluster& c, const StoppedContainer& f) {
  c.docker(f.node).start(f.container, c.within(stop_budget));
}

std::string what_of(const GitSetting& f) { return fmt::format("git is set up with {} = {}", f.key, f.value); }
Json json_of(const GitSetting& f) {
  return {{"kind", "git-setting"}, {"node", f.node}, {"key", f.key}, {"value", f.value}};
}
void apply_it(Cluster& c, const GitSetting& f) {
  c.exec_checked(f.node, {"git", "config", "--system", f.key, f.value});
}
void undo_it(Cluster& c, const GitSetting& f) {
  constexpr int no_such_key = 5;  // git-config(1)
  const auto result = c.exec(f.node, {"git", "config", "--system", "--unset-all", f.key});
  if (result.ok() || result.status == no_such_key) return;
  throw Error(Kind::unavailable, "git config --unset-all: " + last_line(result.err), f.node);
}

std::string what_of(const RenamedFile& f) {
  return fmt::format("{}/{} is renamed to {}", f.folder, f.name, f.away);
}
Json json_of(const RenamedFile& f) {
  return {
      {"kind", "renamed-file"}, {"node", f.node}, {"folder", f.folder}, {"name", f.name}, {"away", f.away}};
}
void apply_it(Cluster& c, const RenamedFile& f) {
  in_host_folder(c, f.node, f.folder, {"mv", "/mnt/" + f.name, "/mnt/" + f.away});
}
void undo_it(Cluster& c, const RenamedFile& f) {
  constexpr const char* script =
      "[ -e \"$2\" ] || exit 0; "
      "if [ -e \"$1\" ]; then echo \"both $1 and $2 exist: remove the wrong one\" >&2; exit 1; fi; "
      "mv \"$2\" \"$1\"";
  in_host_folder(c, f.node, f.folder, {"sh", "-c", script, "undo", "/mnt/" + f.name, "/mnt/" + f.away});
}

std::string what_of(const WrittenKey& f) { return "key " + f.key + " is set"; }
Json json_of(const WrittenKey& f) { return {{"kind", "written-key"}, {"key", f.key}, {"value", f.value}}; }
void apply_it(Cluster& c, const WrittenKey& f) {
  c.ask_consul([&](consul::Client& consul, Deadline deadline) { consul.put(f.key, f.value, deadline); });
}
void undo_it(Cluster& c, const WrittenKey& f) {
  c.ask_consul([&](consul::Client& consul, Deadline deadline) { consul.remove(f.key, deadline); });
}

}  // namespace

std::string what(const Fault& fault) {
  return std::visit([](const auto& f) { return what_of(f); }, fault);
}

std::string where(const Fault& fault) {
  return std::visit(
      [](const auto& f) -> std::string {
        if constexpr (requires { f.node; }) {
          return f.node;
        } else {
          return "Consul";
        }
      },
      fault);
}

Json to_json(const Fault& fault) {
  return std::visit([](const auto& f) { return json_of(f); }, fault);
}

Fault parse_fault(const nlohmann::json& json, const std::string& where) {
  try {
    const auto kind = json.at("kind").get<std::string>();
    if (kind == "stopped-container") return StoppedContainer{json.at("node"), json.at("container")};
    if (kind == "git-setting") return GitSetting{json.at("node"), json.at("key"), json.at("value")};
    if (kind == "renamed-file")
      return RenamedFile{json.at("node"), json.at("folder"), json.at("name"), json.at("away")};
    if (kind == "written-key") return WrittenKey{json.at("key"), json.at("value")};
    throw Error(Kind::invalid, "no kind of fault: '" + kind + "'", where,
                "written by another version of labctl?");
  } catch (const nlohmann::json::exception& e) {
    throw Error(Kind::invalid, std::string("not a fault: ") + e.what(), where);
  }
}

void apply(Cluster& cluster, const Fault& fault) {
  std::visit([&](const auto& f) { apply_it(cluster, f); }, fault);
}

void undo(Cluster& cluster, const Fault& fault) {
  std::visit([&](const auto& f) { undo_it(cluster, f); }, fault);
}

}  // namespace labctl::cluster
