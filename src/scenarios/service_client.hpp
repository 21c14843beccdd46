#pragma once

#include "base/unique_fd.hpp"
#include "cluster/cluster.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>

// Access to the service like its users: by name through the proxy of any node. Without a resolver and without
// changing files of this machine: the name is in the request, the connection goes to the node's address.
namespace labctl::scenarios {

// A GET through one node's proxy. Error{unreachable} and Error{timeout} as in the HTTP client, with the node
// in `where`.
http::Response service_get(cluster::Cluster& cluster, const std::string& node, const std::string& domain,
                           const std::string& target, Deadline deadline);
http::Response service_send(cluster::Cluster& cluster, const std::string& node, const std::string& domain,
                            const http::Request& request, Deadline deadline);

// Repeats the request through all nodes in parallel until `good` accepts the reply, or until the budget is
// used up: each proxy serves a new app shortly after it is published. Returns the last problem for each node,
// "" if good.
std::map<std::string, std::string> await_replies(cluster::Cluster& cluster,
                                                 const std::vector<std::string>& nodes,
                                                 const std::string& domain, const std::string& target,
                                                 const std::function<bool(const http::Response&)>& good,
                                                 std::chrono::milliseconds budget);

// The result of a GET of a plain http URL inside a node's Consul container, where Consul's checks run.
// Repeated until it is 2xx or the budget is used up, as await_replies().
struct HttpProbe {
  int status = 0;   // 0: no HTTP answer
  std::string why;  // if 0: what came instead
  bool ok() const { return status >= 200 && status < 300; }
};
HttpProbe await_http_probe(cluster::Cluster& cluster, const std::string& node, const std::string& url,
                           std::chrono::milliseconds budget);

// `200 [{"id": 1, ...}]` of GET /example, which the maintenance page cannot return.
bool is_record_list(const http::Response& response);

// The host name of the container that answered, if the service reports it, as the lab's service does in the
// header X-Labctl-Container; else "".
std::string answered_by(const http::Response& response);

// "503: first line of the body", for messages, and the container if the service reports it.
std::string brief(const http::Response& response);

// The private key of the service's ssh sidecar, as a file for ssh: in memory, readable only by us, and
// deleted when this process ends in any way.
class SshKey {
public:
  explicit SshKey(const cluster::Cluster& cluster);

  std::string path() const;  // while this object lives

private:
  UniqueFd file_;
};

struct SshAnswer {
  enum class Outcome { ran, refused, unreachable };  // refused: the key; unreachable: no answer
  Outcome outcome = Outcome::ran;
  int status = 0;   // of the command, if it ran
  std::string out;  // exact bytes
  std::string err;  // the last line ssh or the command wrote

  bool operator==(const SshAnswer&) const = default;
  std::string text() const;
};

// Runs a command as root in the ssh sidecar, through its slot's port of a node. Distinguishes key, connection
// and command errors. Error{timeout} at the deadline.
SshAnswer ssh_command(cluster::Cluster& cluster, const SshKey& key, const std::string& node,
                      const std::string& command, Deadline deadline);
// The same through all nodes in parallel; retried while there is no answer, until the budget is used up.
std::map<std::string, SshAnswer> ssh_everywhere(cluster::Cluster& cluster, const SshKey& key,
                                                const std::vector<std::string>& nodes,
                                                const std::string& command, std::chrono::milliseconds budget);

// Interprets the ssh client's exit status and messages.
SshAnswer classify_ssh(int status, std::string out, const std::string& err);

}  // namespace labctl::scenarios
