#include "doctor/message.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace labctl::doctor {
namespace {

// A message has a row's meaning if it has one of the words of each list, whatever the case of the letters; an
// empty second list matches.
struct Words {
  std::vector<std::string_view> one_of;
  std::vector<std::string_view> and_one_of;
  Reading reading;
};

const std::vector<std::string_view> of_socket{
    "stale-socket",     "daemon-not-running", "daemon-silent", "socket-missing",
    "socket-foreign",   "docker-down",        "forward-down",  "docker-host-elsewhere",
    "node-unreachable", "node-no-answer",     "sshd-silent",   "forward-not-carried"};
const std::vector<std::string_view> of_consul{"consul-forward-down",
                                              "daemon-not-running",
                                              "daemon-silent",
                                              "forward-not-carried",
                                              "port-taken",
                                              "proxy-in-environment",
                                              "consul-address-elsewhere",
                                              "consul-no-leader",
                                              "node-unreachable",
                                              "node-no-answer"};
const std::vector<std::string_view> of_keys{"key-refused",      "key-not-tried",      "agent-empty",
                                            "agent-silent",     "rsa-refused",        "second-factor",
                                            "identity-missing", "identity-encrypted", "identity-invalid"};

// Quoted from docker/docker-py, requests and urllib3, curl, OpenSSH and Consul.
const std::vector<Words>& rows() {
  static const std::vector<Words> all{
      {{"no mutual signature"},
       {},
       {"the server takes none of the signatures that the key can make", {"rsa-refused", "key-refused"}}},
      {{"too many authentication failures"},
       {},
       {"sshd ended the login after too many refused keys", {"key-not-tried", "key-refused"}}},
      {{"permission denied (", "no key is accepted", "authentication failed"},
       {},
       {"sshd accepts none of the keys", of_keys}},
      {{"enter passphrase", "needs a passphrase", "incorrect passphrase"},
       {},
       {"the private key is encrypted", {"identity-encrypted"}}},
      {{"unprotected private key", "are too open", "bad permissions"},
       {},
       {"ssh does not use a key that others may read", {"identity-too-open"}}},
      {{"remote host identification has changed", "host key verification failed", "host key is"},
       {},
       {"the node's host key is not the one in known_hosts",
        {"host-key-changed", "host-key-unknown", "host-key-revoked"}}},
      {{"administratively prohibited", "sshd forbids"},
       {},
       {"sshd refuses to forward", {"forwarding-denied"}}},
      {{"could not resolve hostname", "name or service not known", "temporary failure in name resolution"},
       {},
       {"a host name does not resolve", {"node-name-unknown", "hosts-entry-stale", "docker-host-elsewhere"}}},
      {{"proxyerror", "cannot connect to proxy", "tunnel connection failed", "proxy authentication", "squid"},
       {},
       {"the request went to a proxy", {"proxy-in-environment"}}},
      {{"http response to https", "wrong version number", "does not look like a tls handshake",
        "wrong_version_number", "unknown protocol"},
       {},
       {"the client speaks TLS, and the server does not", {"tls-in-environment"}}},
      {{"no cluster leader", "no known consul servers", "leadership lost"},
       {},
       {"Consul has no leader", {"consul-no-leader"}}},
      {{"permission denied: token", "permission denied: anonymous", "acl not found",
        "rpc error: permission denied", "403 (permission denied", "lacks permission"},
       {},
       {"Consul's ACLs do not allow the request", {"consul-acl"}}},
      {{"429", "too many concurrent connections", "too many requests"},
       {},
       {"Consul has reached its limit of connections from one address", {"consul-too-many"}}},
      {{"volume plugin", "volumedriver", "plugin not found", "btrfs.sock"},
       {},
       {"the engine does not reach the volume plugin", {"volume-plugin-off", "volume-not-managed"}}},
      {{"permission denied"},
       {".sock", "docker daemon", "docker api"},
       {"this user may not use the socket",
        {"socket-not-permitted", "docker-not-permitted", "docker-down", "runtime-folder"}}},
      {{"address already in use", "is already in use", "bind: "},
       {},
       {"another program has the port or the socket", {"port-taken", "socket-foreign", "daemon-silent"}}},
      {{"8500", "consul", "8501"},
       {"max retries", "connectionerror", "requesterror", "requestexception", "connection refused",
        "failed to connect", "newconnectionerror", "timed out", "connection reset"},
       {"nothing answers for Consul", of_consul}},
      {{"no such file", "filenotfounderror", "errno 2"},
       {".sock", "docker", "fetching server api version", "connectionerror"},
       {"the socket file is not there", of_socket}},
      {{"connection refused", "errno 111", "econnrefused", "cannot connect to the docker daemon",
        "fetching server api version", "connectionerror", "(7) "},
       {".sock", "docker", "unix"},
       {"nobody listens at the engine's socket", of_socket}},
      {{"connection aborted", "remote end closed", "connection reset", "broken pipe", "remotedisconnected",
        "(52) ", "(56) ", "unexpected eof"},
       {},
       {"the connection was accepted and then ended: the tunnel is there, what is behind it is not",
        {"docker-down", "consul-forward-down", "forward-down", "node-unreachable", "node-no-answer",
         "forwarding-denied"}}},
      {{"connection timed out", "operation timed out", "timed out", "no route to host", "(28) ", "etimedout"},
       {},
       {"the other side gives no answer",
        {"node-no-answer", "node-unreachable", "sshd-silent", "node-slow", "docker-down",
         "consul-forward-down"}}},
      {{"503", "service unavailable"},
       {},
       {"HAProxy has no server for the request",
        {"container-not-running", "container-restarting", "proxy-not-rendered", "haproxy-not-reloaded",
         "maintenance-left", "hosts-entry-stale"}}},
      {{"connection refused", "failed to connect", "max retries", "connectionerror", "requesterror"},
       {},
       {"nobody listens where the client connects",
        {"daemon-not-running", "stale-socket", "node-unreachable", "consul-forward-down", "forward-down",
         "proxy-in-environment", "container-not-running", "docker-host-elsewhere",
         "consul-address-elsewhere"}}},
  };
  return all;
}

bool has_one(std::string_view text, const std::vector<std::string_view>& words) {
  return words.empty() || std::any_of(words.begin(), words.end(), [&](std::string_view word) {
           return text.find(word) != std::string_view::npos;
         });
}

}  // namespace

std::vector<Reading> read_message(std::string_view text) {
  const auto small = lower(text);
  std::vector<Reading> readings;
  for (const auto& row : rows()) {
    if (has_one(small, row.one_of) && has_one(small, row.and_one_of)) readings.push_back(row.reading);
  }
  return readings;
}

}  // namespace labctl::doctor
