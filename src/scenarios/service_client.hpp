#pragma once

#include "base/unique_fd.hpp"
#include "cluster/cluster.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>

// The service as its users reach it: by name through the proxy of any node. No resolver is asked and no file
// of this machine changed: the name goes into the request, the connection to the node's address.
namespace labctl::scenarios {

// A GET through one node's proxy. Error{unreachable} and Error{timeout} as of the HTTP client, with the node
// in `where`.
http::Response service_get(cluster::Cluster& cluster, const std::string& node, const std::string& domain,
                           const std::string& target, Deadline deadline);
http::Response service_send(cluster::Cluster& cluster, const std::string& node, const std::string& domain,
                            const http::Request& request, Deadline deadline);

// Asks through each of the nodes until `good` accepts the reply, all at once, until the deadline: proxies
// take up a new app a moment after it is published, each in its own time. Gives for each node what was wrong
// last, "" if good.
std::map<std::string, std::string> await_replies(cluster::Cluster& cluster,
                                                 const std::vector<std::string>& nodes,
                                                 const std::string& domain, const std::string& target,
                                                 const std::function<bool(const http::Response&)>& good,
                                                 std::chrono::milliseconds budget);

// What a GET of a plain http URL gives inside a node's Consul container, where Consul's own checks run. Tried
// until it is 2xx or the budget is used up, as await_replies().
struct HttpProbe {
  int status = 0;   // 0: no HTTP answer
  std::string why;  // then: what came instead
  bool ok() const { return status >= 200 && status < 300; }
};
HttpProbe await_http_probe(cluster::Cluster& cluster, const std::string& node, const std::string& url,
                           std::chrono::milliseconds budget);

// `200 [{"id": 1, ...}]` of GET /example: what the maintenance page can not give.
bool is_record_list(const http::Response& response);

// The host name of the container that answered, where the service says it of itself, as the lab's does in the
// header X-Labctl-Container; else "".
std::string answered_by(const http::Response& response);

// "503: first line of the body", for messages, and the container if the service says it.
std::string brief(const http::Response& response);

// The private key of the service's ssh sidecar where ssh accepts it: in a file in memory, which only we can
// read and which is gone with this process, however that ends.
class SshKey {
public:
  explicit SshKey(const cluster::Cluster& cluster);

  std::string path() const;  // while this object lives

private:
  UniqueFd file_;
};

struct SshAnswer {
  enum class Outcome { ran, refused, unreachable };  // refused: the key; unreachable: nobody answered
  Outcome outcome = Outcome::ran;
  int status = 0;   // of the command, if it ran
  std::string out;  // byte for byte
  std::string err;  // the last line ssh or the command wrote

  bool operator==(const SshAnswer&) const = default;
  std::string text() const;
};

// Runs a command as root in the ssh sidecar, through its slot's port of a node. Tells key, connection and
// command errors apart. Error{timeout} at the deadline.
SshAnswer ssh_command(cluster::Cluster& cluster, const SshKey& key, const std::string& node,
                      const std::string& command, Deadline deadline);
// The same through each of the nodes, all at once, asking again until the budget is used up while nobody
// answers.
std::map<std::string, SshAnswer> ssh_everywhere(cluster::Cluster& cluster, const SshKey& key,
                                                const std::vector<std::string>& nodes,
                                                const std::string& command, std::chrono::milliseconds budget);

// What the ssh client's exit status and words amount to.
SshAnswer classify_ssh(int status, std::string out, const std::string& err);

}  // namespace labctl::scenarios
