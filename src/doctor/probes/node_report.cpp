#include "doctor/probes/node_report.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace labctl::doctor {
namespace {

using nlohmann::json;

// For Python 3.4 and newer: containers of old clusters have no other.
constexpr const char* node_report_script = R"(
import http.client, json, os, sys, time

def disk(path):
    try:
        seen = os.statvfs(path)
    except OSError:
        return None
    return {"path": path, "size": seen.f_blocks * seen.f_frsize, "free": seen.f_bavail * seen.f_frsize,
            "inodes": seen.f_files, "inodes_free": seen.f_favail}

def watches():
    try:
        agent = http.client.HTTPConnection("127.0.0.1", 8500, timeout=5)
        agent.request("GET", "/v1/agent/self")
        answer = agent.getresponse()
        if answer.status != 200:
            return None
        told = json.loads(answer.read().decode("utf-8")).get("DebugConfig", {}).get("Watches")
        return len(told) if isinstance(told, list) else None
    except (OSError, ValueError, http.client.HTTPException):
        return None

def rendered(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return {"age": time.time() - os.fstat(file.fileno()).st_mtime, "text": file.read(1000000)}
    except OSError:
        return None

def caddyfiles(folder):
    try:
        names = [name for name in os.listdir(folder) if name.startswith("Caddyfile")]
    except OSError:
        return {}
    files = {name: rendered(os.path.join(folder, name)) for name in names[:10]}
    return {name: file for name, file in files.items() if file}

print(json.dumps({"disks": [disk(path) for path in ["/", sys.argv[1]]], "watches": watches(),
                  "haproxy": rendered("/haproxy/haproxy.cfg"), "caddy": caddyfiles("/caddy")}))
)";

RenderedFile rendered_file(const json& told) { return {told.at("age").get<double>(), told.at("text")}; }

}  // namespace

NodeReport report_of_node(docker::Client& docker, const std::string& container,
                          const std::string& deploy_root, Deadline deadline) {
  const auto result =
      docker.exec(container, {"python3", "-I", "-S", "-c", node_report_script, deploy_root}, deadline);
  if (!result.ok())
    throw Error(Kind::unavailable, fmt::format("python3 in {}: {}", container, last_line(result.err)));
  return read_node_report(result.out);
}

NodeReport read_node_report(std::string_view printed) {
  const auto told = json::parse(printed, nullptr, false);
  if (!told.is_object()) throw Error(Kind::invalid, "the script on the node printed something else");
  NodeReport report;
  try {
    for (const auto& disk : told.at("disks")) {
      if (disk.is_null()) continue;
      report.disks.push_back(
          {disk.at("path"), disk.at("size"), disk.at("free"), disk.at("inodes"), disk.at("inodes_free")});
    }
    if (told.at("watches").is_number()) report.watches = told.at("watches").get<int>();
    if (told.at("haproxy").is_object()) report.haproxy_cfg = rendered_file(told.at("haproxy"));
    for (const auto& [name, file] : told.at("caddy").items()) report.caddyfiles[name] = rendered_file(file);
  } catch (const json::exception& error) {
    throw Error(Kind::invalid, std::string("the script on the node printed something else: ") + error.what());
  }
  return report;
}

}  // namespace labctl::doctor
