#include "scenarios/service_client.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "contract/names.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace labctl::scenarios {
namespace {

using namespace std::chrono_literals;

// Each attempt gets this long, even the last one before the deadline: a shortened attempt would prove
// nothing. An ssh login alone takes half a second of CPU time, and in a lab four of them run on one machine.
constexpr auto attempt_budget = 10s;
// A proxy gives no event when it has reloaded; only the signal to it is an event. Between two attempts we
// wait for a container event of the node, at most this long.
constexpr auto attempt_pause = 150ms;

// Tries until the attempt succeeds or the deadline has passed. A container event of the node ends the pause
// early.
bool try_until(cluster::Cluster& cluster, const std::string& node, Deadline deadline,
               const std::function<bool()>& attempt) {
  while (true) {
    if (attempt()) return true;
    if (deadline.passed()) return false;
    cluster.docker(node).watch(
        [](const docker::EngineEvent&) { return true; }, deadline.at_most(attempt_pause), 0,
        {{"type", {"container"}}, {"event", {"kill", "start", "restart", "health_status"}}});
  }
}

HttpProbe http_probe_from(cluster::Cluster& cluster, const std::string& node, const std::string& url) {
  // Uses bash: the contract promises bash in that container, but no HTTP client.
  constexpr const char* script = R"SH(exec 3<>"/dev/tcp/$1/$2" || exit
printf 'GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$3" "$4" >&3
IFS= read -r line <&3
printf '%s\n' "$line")SH";
  const auto authority = contract::url_authority(url);
  const auto [host, port] = contract::host_and_port(authority);
  const auto path = contract::url_path(url);
  const auto result = cluster.exec(node, {"timeout", "10", "bash", "-c", script, "http-probe", host,
                                          port.empty() ? "80" : port, path.empty() ? "/" : path, authority});
  HttpProbe probe;
  const auto words = split(trim(result.out), ' ');
  if (words.size() >= 2 && words[0].starts_with("HTTP/")) {
    std::from_chars(words[1].data(), words[1].data() + words[1].size(), probe.status);
  }
  constexpr int timed_out = 124;
  if (probe.status == 0) {
    const auto said = last_line(result.err);
    probe.why = result.status == timed_out ? "no answer in 10 s" : said.empty() ? "no HTTP answer" : said;
  }
  return probe;
}

}  // namespace

http::Response service_send(cluster::Cluster& cluster, const std::string& node, const std::string& domain,
                            const http::Request& request, Deadline deadline) {
  http::Server server(Endpoint{cluster.inventory().node(node).address, 80, {}}, domain);
  try {
    return http::Client(std::move(server)).send(request, deadline);
  } catch (const Error& e) {
    throw Error(e.kind(), e.what(), node + " " + e.where(), e.hint());
  }
}

http::Response service_get(cluster::Cluster& cluster, const std::string& node, const std::string& domain,
                           const std::string& target, Deadline deadline) {
  return service_send(cluster, node, domain, {"GET", target, {}, {}}, deadline);
}

std::map<std::string, std::string> await_replies(cluster::Cluster& cluster,
                                                 const std::vector<std::string>& nodes,
                                                 const std::string& domain, const std::string& target,
                                                 const std::function<bool(const http::Response&)>& good,
                                                 std::chrono::milliseconds budget) {
  const auto deadline = cluster.within(budget);
  return cluster.on_nodes(nodes, [&](const std::string& node) {
    std::string wrong;
    try_until(cluster, node, deadline, [&] {
      try {
        const auto reply = service_get(cluster, node, domain, target, cluster.within(attempt_budget));
        wrong = good(reply) ? "" : brief(reply);
      } catch (const Error& e) {
        if (e.kind() != Kind::unreachable && e.kind() != Kind::timeout) throw;
        wrong = e.what();
      }
      return wrong.empty();
    });
    return wrong;
  });
}

HttpProbe await_http_probe(cluster::Cluster& cluster, const std::string& node, const std::string& url,
                           std::chrono::milliseconds budget) {
  HttpProbe probe;
  try_until(cluster, node, cluster.within(budget), [&] {
    probe = http_probe_from(cluster, node, url);
    return probe.ok();
  });
  return probe;
}

bool is_record_list(const http::Response& response) {
  if (response.status != 200) return false;
  const auto list = nlohmann::json::parse(response.body, nullptr, false);
  return list.is_array() && std::all_of(list.begin(), list.end(), [](const auto& record) {
           return record.is_object() && record.contains("id") && record.contains("name") &&
                  record.contains("content");
         });
}

std::string answered_by(const http::Response& response) {
  const auto found = response.headers.find("x-labctl-container");
  return found == response.headers.end() ? "" : found->second;
}

std::string brief(const http::Response& response) {
  constexpr std::size_t longest = 120;
  auto first = lines(trim(response.body));
  auto text = first.empty() ? std::string("empty body") : first.front();
  if (text.size() > longest) text = text.substr(0, longest) + "…";
  const auto container = answered_by(response);
  if (!container.empty()) text += " (from container " + container + ")";
  return fmt::format("{}: {}", response.status, text);
}

SshKey::SshKey(const cluster::Cluster& cluster) {
  const auto& configured = cluster.conventions().service.ssh_identity;
  const auto source = configured ? *configured : share_dir() / "lab/service/ssh/id_rsa_anyblok_ssh";
  const auto text = read_file(source);
  file_.reset(::memfd_create("labctl-key", MFD_CLOEXEC));
  if (!file_ || ::fchmod(file_.get(), 0600) != 0 ||
      ::write(file_.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    throw system_error("cannot hold the key in memory", source);
}

std::string SshKey::path() const { return fmt::format("/proc/{}/fd/{}", ::getpid(), file_.get()); }

std::string SshAnswer::text() const {
  switch (outcome) {
    case Outcome::refused:
      return "ssh refused: " + err;
    case Outcome::unreachable:
      return "no ssh: " + err;
    case Outcome::ran:
      break;
  }
  auto text = fmt::format("\"{}\", status {}", replace_all(out, "\n", "\\n"), status);
  if (!err.empty()) text += ", error output \"" + err + "\"";
  return text;
}

SshAnswer classify_ssh(int status, std::string out, const std::string& err) {
  constexpr int ssh_itself = 255;
  SshAnswer answer{SshAnswer::Outcome::ran, status, std::move(out), last_line(err)};
  if (status != ssh_itself) return answer;
  const bool refused = err.find("Permission denied") != std::string::npos ||
                       err.find("Too many authentication failures") != std::string::npos ||
                       err.find("bad permissions") != std::string::npos;
  answer.outcome = refused ? SshAnswer::Outcome::refused : SshAnswer::Outcome::unreachable;
  return answer;
}

SshAnswer ssh_command(cluster::Cluster& cluster, const SshKey& key, const std::string& node,
                      const std::string& command, Deadline deadline) {
  const auto& inventory = cluster.inventory();
  const auto seconds = std::max<long>(1, deadline.left() / 1s);
  Command ssh;
  ssh.argv = {
      "ssh", "-F", "none", "-C", "-T", "-i", key.path(), "-p", std::to_string(cluster.slot().ssh_port)};
  // OpenSSH 9's default key exchange takes 0.1 s of CPU time at each end. It protects data for decades, which
  // these commands do not need.
  for (const auto& option :
       {std::string("KexAlgorithms=^curve25519-sha256"), std::string("IdentitiesOnly=yes"),
        std::string("IdentityAgent=none"), std::string("BatchMode=yes"),
        std::string("StrictHostKeyChecking=no"), std::string("UserKnownHostsFile=/dev/null"),
        std::string("GlobalKnownHostsFile=/dev/null"), std::string("LogLevel=ERROR"),
        fmt::format("ConnectTimeout={}", seconds)}) {
    ssh.argv.insert(ssh.argv.end(), {"-o", option});
  }
  ssh.argv.insert(ssh.argv.end(), {"root@" + inventory.node(node).address, command});
  auto result = run(ssh, deadline);
  return classify_ssh(result.status, std::move(result.out), result.err);
}

std::map<std::string, SshAnswer> ssh_everywhere(cluster::Cluster& cluster, const SshKey& key,
                                                const std::vector<std::string>& nodes,
                                                const std::string& command,
                                                std::chrono::milliseconds budget) {
  const auto deadline = cluster.within(budget);
  return cluster.on_nodes(nodes, [&](const std::string& node) {
    SshAnswer answer;
    try_until(cluster, node, deadline, [&] {
      try {
        answer = ssh_command(cluster, key, node, command, cluster.within(attempt_budget));
      } catch (const Error& e) {
        if (e.kind() != Kind::timeout) throw;
        answer = {SshAnswer::Outcome::unreachable, 0, "", e.what()};
      }
      return answer.outcome != SshAnswer::Outcome::unreachable;
    });
    return answer;
  });
}

}  // namespace labctl::scenarios
