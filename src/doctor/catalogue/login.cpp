#include "doctor/catalogue/groups.hpp"

namespace labctl::doctor {
namespace {

constexpr Trouble login_catalogue[] = {
    {"node-unreachable", Severity::failure,
     "a node's SSH port refuses connections, has no route, or ends the session",
     "The node is off, its sshd does not run, its address or port in the inventory is wrong, or a route is "
     "missing (VPN).",
     "The error of the connection.", "is {} up, is its address right, is sshd running there?"},
    {"node-no-answer", Severity::failure, "a node's SSH port gives no answer, not even a refusal",
     "A firewall drops the packets, the machine is off, or its address belongs to nobody.",
     "A TCP connection to the port got neither an answer nor a refusal within five seconds.",
     "is {} on? Does a firewall between here and there let its SSH port pass?"},
    {"sshd-silent", Severity::failure,
     "a node accepts connections on its SSH port, but a login does not end in time",
     "sshd hangs, is stopped, has reached MaxStartups, or waits for a name server or for LDAP.",
     "The TCP connection was accepted; the stage of the login that got no answer.",
     "look at sshd, its log and the load on {}"},
    {"node-slow", Severity::warning, "a new login takes too long, though the forwards of the node answer",
     "The node is under load, or sshd waits for a name server.",
     "The doctor's own login got no answer in time, and the daemon's Docker forward answers.",
     "check the load of {}"},
    {"node-name-unknown", Severity::failure, "a node's name does not resolve",
     "A typing error in the inventory, or a name server that is reached only through a VPN.",
     "The resolver's error.", "correct address: of {} in the inventory, or the name server"},
    {"ssh-config-refused", Severity::failure,
     "the ssh configuration asks for something that labctl cannot do",
     "An option of ~/.ssh/config or /etc/ssh/ssh_config that must not be ignored applies to the node.",
     "File, line and option.", "make an exception for {} there; docs/ssh-config.md lists what is followed"},
    {"ssh-config-left-out", Severity::note, "labctl does not follow a part of the ssh configuration",
     "An option of ~/.ssh/config or /etc/ssh/ssh_config that is safe to ignore, or a Match block whose "
     "condition "
     "labctl does not evaluate, such as exec.",
     "File, line and option.",
     "none is needed if the login works; docs/ssh-config.md lists what is followed"},
    {"not-ssh", Severity::failure, "the server on a node's SSH port does not complete an SSH handshake",
     "Another service listens on that port, or both sides share no algorithm.", "The error of the handshake.",
     "is port: of {} right?"},
    {"key-refused", Severity::failure, "a node accepts none of our keys",
     "The key is not in authorized_keys, user: is wrong, or sshd ignores authorized_keys because others can "
     "write to it.",
     "The result of each key that was offered.",
     "ssh-copy-id to {}, or correct user: or identity: in the inventory"},
    {"key-not-tried", Severity::failure,
     "a node refuses the first keys of the agent, and the others were not tried",
     "The agent has more keys than sshd lets one login offer (MaxAuthTries).",
     "The result of each key that was offered, and the number of those that were not.",
     "choose the key for {}: identity: in the inventory, or IdentityFile with IdentitiesOnly yes in "
     "~/.ssh/config; the public part is enough"},
    {"rsa-refused", Severity::failure,
     "a node takes no signature that an RSA key can make, and we have no other key",
     "PubkeyAcceptedAlgorithms of its sshd_config leaves out rsa-sha2-256 and rsa-sha2-512.",
     "Every key that the login can offer is an RSA key and was refused, and sshd's own list of signature "
     "algorithms (RFC 8308), as OpenSSH's client prints it, has none for RSA. Older servers list all that "
     "they know; then the finding is key-refused, with a line that this cannot be told.",
     "ssh-keygen -t ed25519 makes a key that {} takes; or allow rsa-sha2-512 there"},
    {"second-factor", Severity::failure,
     "a node accepts our key, but wants a second factor, which a daemon cannot give",
     "AuthenticationMethods of its sshd_config asks for more than a key.",
     "sshd accepted the key and named further methods.",
     "AuthenticationMethods publickey for this user in sshd_config of {}, or another user: in the inventory"},
    {"agent-silent", Severity::failure, "the ssh-agent does not answer",
     "It waits for a person (a touch, a confirmation, a password), or it hangs.",
     "No answer within the time that a signature may take.",
     "is it waiting for a touch or a confirmation? ssh-add -l shows whether it answers"},
    {"agent-empty", Severity::failure, "the ssh-agent has no keys",
     "It was started anew, it is locked (ssh-add -X unlocks it), or its keys had a lifetime.",
     "The agent answers, and its list of keys is empty.",
     "ssh-add the key; ssh-add -l shows what the agent has"},
    {"identity-missing", Severity::failure, "there is no private key to log in with",
     "identity: names a file that does not exist, or no agent is reachable (sudo drops SSH_AUTH_SOCK).",
     "The key files and agents that were looked at.",
     "correct identity: in the inventory, or load a key with ssh-add"},
    {"identity-too-open", Severity::failure, "others may read the private key",
     "The key was copied without its mode.", "The mode of the file.", "chmod 600 the key"},
    {"identity-encrypted", Severity::failure, "the private key needs a passphrase",
     "The key is encrypted, and no agent has it. The daemon cannot ask for the passphrase; labctl tunnels up "
     "on a terminal asks, for the logins of that moment.",
     "sshd's answer to the public key if the file shows it, else the file's header; the agent's list of "
     "keys.",
     "ssh-add it, or labctl tunnels up on a terminal"},
    {"identity-invalid", Severity::failure, "the identity is no private key",
     "identity: names a public key, a certificate or another file.", "The error of reading the key.",
     "correct identity: in the inventory"},
    {"host-key-unknown", Severity::failure, "known_hosts does not have the node",
     "Nobody has logged in to the node from here yet, or known_hosts: names another file.",
     "The node's key has no line in any known_hosts file that applies.",
     "labctl tunnels trust {} shows its key and adds it; compare the fingerprint on the node's console"},
    {"host-key-changed", Severity::failure,
     "the node shows another host key than known_hosts has: a new node at that address, or an attacker in "
     "between",
     "The node was installed anew, its address was given to another one, or somebody intercepts the "
     "connection.",
     "The key that the node shows and the line of known_hosts.",
     "if {} was installed anew, ssh-keygen -R its address and add the new key; else find out who answers "
     "there"},
    {"host-key-revoked", Severity::failure, "known_hosts marks the node's key as revoked",
     "Somebody marked the key with @revoked because it is known to others.", "The line of known_hosts.",
     "give {} a new host key"},
    {"forwarding-denied", Severity::failure, "a node's sshd forbids forwarding",
     "AllowTcpForwarding, AllowStreamLocalForwarding, PermitOpen or DisableForwarding in sshd_config, or "
     "restrict, no-port-forwarding or permitopen= before the key in authorized_keys.",
     "The login works, and sshd answers the request to forward with: administratively prohibited.",
     "look at these options in sshd_config and authorized_keys of {}"},
};

}  // namespace

std::span<const Trouble> login_troubles() { return login_catalogue; }

}  // namespace labctl::doctor
