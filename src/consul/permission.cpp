#include "consul/permission.hpp"

#include <fmt/format.h>

#include <string_view>

namespace labctl::consul {
namespace {

struct Resource {
  std::string_view path;  // that the targets begin with
  std::string_view name;
  bool named = false;  // the rest of the target is the name of what is read or written
};

// The first that matches.
constexpr Resource resources[] = {
    {"/v1/kv/", "key", true},
    {"/v1/session/", "session"},
    {"/v1/event/fire/", "event", true},
    {"/v1/event/list", "event"},
    {"/v1/catalog/nodes", "node"},
    {"/v1/catalog/services", "service"},
    {"/v1/catalog/service/", "service", true},
    {"/v1/health/node/", "node", true},
    {"/v1/health/checks/", "service", true},
    {"/v1/agent/members", "node"},
    {"/v1/agent/service", "service"},
};

}  // namespace

std::string needed_permission(const http::Request& request) {
  const std::string_view target = request.target;
  for (const auto& resource : resources) {
    if (!target.starts_with(resource.path)) continue;
    const auto rest = target.substr(resource.path.size());
    const auto name = resource.named ? rest.substr(0, rest.find('?')) : std::string_view{};
    return fmt::format("{}:{}{}{}", resource.name, request.method == "GET" ? "read" : "write",
                       name.empty() ? "" : " on ", name);
  }
  return {};
}

}  // namespace labctl::consul
