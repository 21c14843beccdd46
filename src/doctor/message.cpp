#include "doctor/message.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace labctl::doctor {
namespace {

using Words = std::vector<std::string_view>;
using Ids = std::vector<std::string_view>;

// A message has a row's meaning if it has one of the words of each list, whatever the case of the letters; an
// empty second list matches.
struct Row {
  Words one_of;
  Words and_one_of;
  Reading reading;
};

const Ids of_keys{"key-refused",   "key-not-tried",    "agent-empty",        "agent-silent",    "rsa-refused",
                  "second-factor", "identity-missing", "identity-encrypted", "identity-invalid"};

const Ids of_socket{"stale-socket",     "daemon-not-running", "daemon-silent", "socket-missing",
                    "socket-foreign",   "docker-down",        "forward-down",  "docker-host-elsewhere",
                    "node-unreachable", "node-no-answer",     "sshd-silent",   "forward-not-carried"};
const Ids of_consul{"consul-forward-down", "daemon-not-running", "daemon-silent",
                    "forward-not-carried", "port-taken",         "proxy-in-environment",
                    "consul-no-leader",    "node-unreachable",   "consul-address-elsewhere",
                    "node-no-answer"};
const Ids of_any_end{"daemon-not-running",    "stale-socket",          "node-unreachable",
                     "consul-forward-down",   "forward-down",          "proxy-in-environment",
                     "container-not-running", "docker-host-elsewhere", "consul-address-elsewhere"};
const Reading ended_before_login{"sshd ended the connection before the login",
                                 {"node-unreachable", "not-ssh", "sshd-silent"}};
const Words refusals{"connection refused", "errno 111", "econnrefused", "connectionrefusederror",
                     "curl: (7)"};

// Quoted from docker and docker-py, requests and urllib3, Go's net and http packages, curl, OpenSSH and
// Consul. The first row that matches counts: what was refused after a connection, then why there was none,
// then messages that leave the cause out.
const std::vector<Row>& table() {
  static const std::vector<Row> rows{
      // ssh: the login, and what sshd allows after it.
      {{"no mutual signature"},
       {},
       {"the server takes none of the signatures that the key can make", {"rsa-refused", "key-refused"}}},
      {{"too many authentication failures"},
       {},
       {"sshd ended the login after too many refused keys", {"key-not-tried", "key-refused"}}},
      {{"enter passphrase", "needs a passphrase", "incorrect passphrase"},
       {},
       {"the private key is encrypted", {"identity-encrypted"}}},
      {{"unprotected private key", "are too open", "bad permissions"},
       {},
       {"ssh does not use a key that others may read", {"identity-too-open"}}},
      {{"load key"},
       {"invalid format", "error in libcrypto"},
       {"the file is no private key", {"identity-invalid"}}},
      {{"permission denied (", "no key is accepted", "authentication failed", "agent refused operation"},
       {},
       {"sshd accepts none of the keys", of_keys}},
      {{"remote host identification has changed", "host key verification failed", "host key is"},
       {},
       {"the node's host key is not the one in known_hosts",
        {"host-key-changed", "host-key-unknown", "host-key-revoked"}}},
      {{"administratively prohibited", "sshd forbids"},
       {},
       {"sshd refuses to forward", {"forwarding-denied"}}},
      {{"no matching host key type", "no matching key exchange", "no matching cipher", "no matching mac"},
       {},
       {"the client and the server have no algorithm in common", {"not-ssh"}}},
      // Consul answers.
      {{"no cluster leader", "no known consul servers", "leadership lost"},
       {},
       {"Consul has no leader", {"consul-no-leader"}}},
      {{"permission denied: token", "permission denied: anonymous", "acl not found",
        "rpc error: permission denied", "403 (permission denied", "lacks permission"},
       {},
       {"Consul's ACLs do not allow the request", {"consul-acl"}}},
      {{"too many concurrent connections", "too many requests", "response code: 429", "429 client error"},
       {},
       {"Consul has reached its limit of connections from one address", {"consul-too-many"}}},
      // The client and what it talks to do not fit.
      {{"http+docker"},
       {},
       {"this docker-py does not work with the installed requests: docker 7.1 or later does", {}}},
      {{"is too new. maximum supported", "is too old. minimum supported"},
       {},
       {"the client and the engine have no version of the API in common: set DOCKER_API_VERSION, or use "
        "another version of the client",
        {}}},
      {{"proxyerror", "cannot connect to proxy", "tunnel connection failed", "proxy authentication", "squid",
        "curl: (5)"},
       {},
       {"the request went to a proxy", {"proxy-in-environment"}}},
      {{"http response to https", "wrong version number", "does not look like a tls handshake",
        "wrong_version_number", "unknown protocol", "ca.pem", "record layer failure"},
       {},
       {"the client speaks TLS, and the server does not", {"tls-in-environment"}}},
      // Names, and what stands behind the engine.
      {{"could not resolve host", "curl: (6)", "name or service not known",
        "temporary failure in name resolution", "no such host", "dial tcp: lookup", "failed to resolve '",
        "no address associated"},
       {},
       {"a host name does not resolve", {"node-name-unknown", "hosts-entry-stale", "docker-host-elsewhere"}}},
      {{"volume plugin", "volumedriver", "plugin not found", "btrfs.sock"},
       {},
       {"the engine does not reach the volume plugin", {"volume-plugin-off", "volume-not-managed"}}},
      {{"address already in use", "is in use by another", "is in use: another", "port is already allocated",
        "cannot listen to port", "bind: "},
       {},
       {"another program has the port or the socket", {"port-taken", "socket-foreign", "daemon-silent"}}},
      // ssh, before the login and after it.
      {{"open failed: connect failed"},
       {},
       {"the node was reached, and what the forward leads to was not",
        {"docker-down", "consul-forward-down", "forward-down"}}},
      {{"during banner exchange"},
       {"timed out"},
       {"sshd accepts the connection and says nothing", {"sshd-silent", "node-no-answer"}}},
      {{"kex_exchange_identification", "ssh_exchange_identification", "banner exchange", "kex_exchange"},
       {},
       ended_before_login},
      {{"client_loop:", "closed by remote host", "server not responding"},
       {},
       {"the session with the node has ended", {"node-unreachable", "node-no-answer", "sshd-silent"}}},
      {{"network is unreachable", "no route to host"},
       {},
       {"there is no way to this address",
        {"node-unreachable", "node-no-answer", "lab-route", "hosts-entry-stale"}}},
      {{"ssh: connect to host", "is sshd running"},
       {"connection refused", "connection reset"},
       {"nobody listens at the node's SSH port", {"node-unreachable"}}},
      // Clients of the local ends.
      {{"permission denied", "permissionerror"},
       {".sock", "docker"},
       {"this user may not use the socket",
        {"socket-not-permitted", "docker-not-permitted", "docker-down", "runtime-folder"}}},
      {{"no such file", "filenotfounderror", "errno 2]"},
       {".sock", "docker", "connectionerror", "dial unix"},
       {"the socket file is not there", of_socket}},
      {{"8500", "8501", "consul"}, refusals, {"nothing answers for Consul", of_consul}},
      {{"cannot connect to the docker daemon"}, {}, {"nobody listens at the engine's socket", of_socket}},
      {refusals, {".sock", "docker", "dial unix"}, {"nobody listens at the engine's socket", of_socket}},
      {refusals, {}, {"nobody listens where the client connects", of_any_end}},
      {{"503 service", "service unavailable", "no server is available"},
       {},
       {"HAProxy has no server for the request",
        {"container-not-running", "container-restarting", "proxy-not-rendered", "haproxy-not-reloaded",
         "maintenance-left", "hosts-entry-stale"}}},
      // Caddy 1, for a host or path that it has no site for.
      {{"is not served on this interface", "no such site at"},
       {},
       {"Caddy has no site for the request",
        {"caddy-not-reloaded", "proxy-not-rendered", "maintenance-left", "hosts-entry-stale"}}},
      {{"timed out", "i/o timeout", "deadline exceeded", "client.timeout", "curl: (28)", "etimedout"},
       {},
       {"the other side gives no answer",
        {"node-no-answer", "node-unreachable", "sshd-silent", "node-slow", "docker-down",
         "consul-forward-down"}}},
      {{"connection aborted", "remote end closed", "reset by peer", "broken pipe", "remotedisconnected",
        "exception: connection reset", "econnreset", "curl: (52)", "curl: (56)", "unexpected eof", ": eof"},
       {},
       {"the connection was accepted and then ended: the tunnel is there, what is behind it is not",
        {"docker-down", "consul-forward-down", "forward-down", "node-unreachable", "node-no-answer",
         "forwarding-denied"}}},
      // "Connection closed by 192.0.2.1 port 22" is all that OpenSSH 10 prints, and older after a banner.
      {{"connection closed by ", "connection reset by "}, {" port "}, ended_before_login},
      // Without the cause, which a traceback often has lines above.
      {{"8500", "8501", "consul"},
       {"max retries", "connectionerror", "requesterror", "requestexception", "failed to connect"},
       {"nothing answers for Consul", of_consul}},
      {{"fetching server api version", "error during connect"},
       {},
       {"the engine gives no answer at its socket", of_socket}},
      {{"connectionerror", "failed to connect"},
       {".sock", "docker"},
       {"the engine gives no answer at its socket", of_socket}},
      {{"failed to connect", "max retries", "connectionerror", "requesterror"},
       {},
       {"the client gets no connection", of_any_end}},
  };
  return rows;
}

bool has_one(std::string_view text, const Words& words) {
  return words.empty() || std::any_of(words.begin(), words.end(), [&](std::string_view word) {
           return text.find(word) != std::string_view::npos;
         });
}

}  // namespace

std::optional<Reading> read_message(std::string_view text) {
  const auto small = lower(text);
  const auto& rows = table();
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& one) {
    return has_one(small, one.one_of) && has_one(small, one.and_one_of);
  });
  if (row == rows.end()) return std::nullopt;
  return row->reading;
}

}  // namespace labctl::doctor
