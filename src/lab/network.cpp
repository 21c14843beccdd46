#include "lab/network.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/process.hpp"
#include "base/unique_fd.hpp"
#include "lab/lab_paths.hpp"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace labctl::lab {
namespace {

constexpr auto command_budget = std::chrono::seconds(20);

void make_namespace(const std::filesystem::path& file) {
  write_file(file, "");
  run_checked({.argv = {"unshare", "--net=" + file.string(), "true"}}, Deadline::in(command_budget));
}

}  // namespace

void make_network(const LabInfo& lab, const std::vector<std::string>& nodes, Journal& journal) {
  const LabPaths paths(lab.name);
  const std::filesystem::path hub = paths.netns("hub");
  const std::string& interface = paths.interface;
  // Checked before the journal entry is written: everything that the journal names is removed later.
  if (std::filesystem::exists("/sys/class/net/" + interface)) {
    throw Error(Kind::conflict, "there is an interface of this name, and it is not the lab's", interface,
                "remove it (ip link delete), or use another --name");
  }
  std::vector<Entry> entries{{Entry::What::netns, hub}};
  for (const auto& node : nodes) entries.push_back({Entry::What::netns, paths.netns(node)});
  entries.push_back({Entry::What::link, interface});
  journal.enter(entries);

  std::filesystem::create_directories(hub.parent_path());
  make_namespace(hub);
  std::string batch = fmt::format(
      "link set lo up\n"
      "link add br0 type bridge forward_delay 0 mcast_snooping 0\n"
      "link set br0 up\n"
      "addr add {}/24 dev br0\n",
      lab.hub_address);
  for (std::size_t port = 1; port <= nodes.size(); ++port) {
    const std::filesystem::path node = paths.netns(nodes[port - 1]);
    make_namespace(node);
    batch += fmt::format(
        "link add port-{0} type veth peer name eth0 netns {1}\n"
        "link set port-{0} master br0 up\n",
        port, node.string());
  }
  run_checked({.argv = {"nsenter", "--net=" + hub.string(), "ip", "-batch", "-"}, .input = batch},
              Deadline::in(command_budget));
  // Runs in the host's namespace: the other end is created directly in the hub's namespace.
  const std::string host = fmt::format(
      "link add {0} type veth peer name port-host netns {1}\n"
      "addr add {2}/24 dev {0}\n"
      "link set {0} up\n",
      interface, hub.string(), lab.host_address);
  run_checked({.argv = {"ip", "-batch", "-"}, .input = host}, Deadline::in(command_budget));
  run_checked(
      {.argv = {"nsenter", "--net=" + hub.string(), "ip", "link", "set", "port-host", "master", "br0", "up"}},
      Deadline::in(command_budget));
}

std::vector<Subnet> routes() {
  return parse_routes(run_checked({.argv = {"ip", "-json", "-4", "route", "show", "table", "all"}},
                                  Deadline::in(command_budget)));
}

std::uint16_t free_port(std::uint16_t preferred) {
  for (int port = preferred; port < 65536; ++port) {
    const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int on = 1;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      return static_cast<std::uint16_t>(port);
    }
  }
  throw Error(Kind::conflict, "no free port on 127.0.0.1");
}

}  // namespace labctl::lab
