#include "base/text.hpp"
#include "doctor/finding.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace labctl::doctor {
namespace {

constexpr auto failure = Severity::failure;
constexpr auto warning = Severity::warning;

constexpr Trouble table[] = {
    // What labctl itself needs.
    {"inventory-invalid", failure, "the inventory is not valid",
     "correct the line; labctl inventory check looks again"},
    {"inventory-none", failure, "there is no inventory",
     "labctl inventory from-salt writes one, labctl lab up brings a lab with one"},
    {"runtime-folder", failure, "other users have access to the folder for sockets",
     "remove {} or give it mode 0700 and your own user; or set LABCTL_RUNTIME_DIR"},
    {"inventory-ambiguous", failure, "several inventories could be meant", "choose one with --inventory"},
    // Between labctl and its tunnel daemon.
    {"daemon-not-running", failure, "no tunnel daemon runs", "labctl tunnels up"},
    {"daemon-silent", failure, "the tunnel daemon does not answer",
     "end it (kill PID), then labctl tunnels up; daemon.log says what it did last"},
    {"stale-socket", failure,
     "a socket file without a listener: clients see ConnectionError, connection refused",
     "labctl tunnels up replaces it; labctl doctor --fix removes it"},
    {"socket-missing", failure, "the daemon runs, but a forward's socket file is not there",
     "labctl tunnels restart {}"},
    {"socket-foreign", failure, "a file that is not a socket is where a forward's socket belongs",
     "move {} away, or change local: in the inventory; labctl never removes what is not its own"},
    {"socket-not-permitted", failure, "the socket belongs to another user",
     "run as the user who ran labctl tunnels up"},
    {"port-taken", failure, "another program listens where a forward has its local end",
     "end it, or change local: in the inventory"},
    {"forward-not-carried", failure, "the daemon was started without this forward",
     "labctl tunnels down && labctl tunnels up"},
    {"forward-down", failure, "a forward does not answer, and no probe shows the cause",
     "labctl tunnels restart {}; daemon.log says more"},
    // Between the daemon and a node.
    {"node-unreachable", failure, "a node's SSH port does not answer",
     "is {} up, is its address right, is sshd running there?"},
    {"node-slow", warning, "a new login takes too long, though the forwards of the node answer",
     "check the load of {}"},
    {"node-name-unknown", failure, "a node's name does not resolve",
     "correct address: of {} in the inventory, or the name server"},
    {"ssh-config-refused", failure, "the ssh configuration asks for something that labctl cannot do",
     "make an exception for {} there; docs/ssh-config.md lists what is followed"},
    {"not-ssh", failure, "the server on a node's SSH port does not complete an SSH handshake",
     "is port: of {} right?"},
    {"key-refused", failure, "a node accepts none of our keys",
     "ssh-copy-id to {}, or correct user: or identity: in the inventory"},
    {"second-factor", failure,
     "a node accepts our key, but wants a second factor, which a daemon cannot give",
     "AuthenticationMethods publickey for this user in sshd_config of {}, or another user: in the inventory"},
    {"agent-silent", failure, "the ssh-agent does not answer",
     "is it waiting for a touch or a confirmation? ssh-add -l shows whether it answers"},
    {"identity-missing", failure, "there is no private key to log in with",
     "correct identity: in the inventory, or load a key with ssh-add"},
    {"identity-too-open", failure, "others may read the private key", "chmod 600 the key"},
    {"identity-encrypted", failure, "the private key needs a passphrase", "ssh-add it"},
    {"identity-invalid", failure, "the identity is no private key", "correct identity: in the inventory"},
    {"host-key-unknown", failure, "known_hosts does not have the node",
     "labctl tunnels trust {} shows its key and adds it; compare the fingerprint on the node's console"},
    {"host-key-changed", failure,
     "the node shows another host key than known_hosts has: a new node at that address, or an attacker in "
     "between",
     "if {} was installed anew, ssh-keygen -R its address and add the new key; else find out who answers "
     "there"},
    {"host-key-revoked", failure, "known_hosts marks the node's key as revoked", "give {} a new host key"},
    {"forwarding-denied", failure, "a node's sshd forbids forwarding",
     "AllowTcpForwarding and AllowStreamLocalForwarding in sshd_config of {}"},
    // Behind a working tunnel.
    {"fault-left", failure, "a test that was killed left a fault that it had injected",
     "labctl doctor --fix undoes it, and so does the next labctl test of this cluster"},
    {"docker-down", failure, "the tunnel is fine, the Docker engine behind it is not",
     "systemctl status docker on {}; is the user in the group docker?"},
    {"consul-forward-down", failure,
     "nothing answers for Consul: clients see RequestError, max retries exceeded",
     "start cluster_consul_1 on the nodes of via:, or put other nodes into via:"},
    {"consul-no-leader", failure, "Consul answers, but has no leader: reads fail or look like missing keys",
     "a majority of its servers must run; start cluster_consul_1 where it is down"},
    {"consul-agent-down", warning, "Consul is down on one node; its forward uses another node",
     "start cluster_consul_1 on {}"},
    {"consul-member-failed", warning, "Consul has lost a member",
     "look at {}: is it up, does cluster_consul_1 run?"},
    {"container-not-running", failure, "a container of the cluster's stack does not run",
     "docker start it on {}, docker logs shows why it ended"},
    {"container-restarting", failure, "a container of the cluster's stack ends each time that it is started",
     "docker logs on {} says why; the pause between its starts grows up to a minute"},
    // Leftovers, and failures of the doctor itself.
    {"probe-failed", warning, "a probe failed", "labctl doctor -v"},
    {"lab-leftovers", failure, "a lab that is not up has left things on this machine",
     "sudo labctl lab down --name {}"},
};

}  // namespace

std::span<const Trouble> catalogue() { return table; }

const Trouble& trouble(std::string_view id) {
  const auto found =
      std::find_if(std::begin(table), std::end(table), [&](const Trouble& t) { return t.id == id; });
  if (found == std::end(table)) std::abort();
  return *found;
}

void to_json(nlohmann::ordered_json& json, const Finding& finding) {
  json = {{"id", finding.id},
          {"severity", finding.severity() == Severity::failure ? "failure" : "warning"},
          {"meaning", std::string(trouble(finding.id).meaning)},
          {"subjects", finding.subjects},
          {"evidence", finding.evidence},
          {"remedy", finding.remedy}};
}

}  // namespace labctl::doctor
