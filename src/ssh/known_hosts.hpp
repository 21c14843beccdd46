#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::ssh {

// Result of comparing a host's key with known_hosts.
enum class HostKeyVerdict {
  match,
  unknown,     // no key of the host is known
  other_type,  // keys of the host are known, none of this type
  changed,     // another key of this type is known
  revoked,
};

// OpenSSH's known_hosts (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"): plain, wildcard, negated, "[host]:port" and
// hashed names; @revoked is honoured, @cert-authority entries are not used. Malformed lines are skipped, as
// in ssh.
class KnownHosts {
public:
  void add(std::string_view text);
  // A missing file counts as empty. Error{system} if it cannot be read, Error{refused} if other users can
  // write it.
  void add_file(const std::filesystem::path& path);

  // `key` is the public key in wire format.
  HostKeyVerdict check(std::string_view host, std::uint16_t port, std::string_view key) const;
  // Key types known for the host, in file order, each once.
  std::vector<std::string> key_types(std::string_view host, std::uint16_t port) const;

private:
  struct Entry {
    bool revoked = false;
    std::string hosts;
    std::string type;
    std::string key;  // decoded
  };

  std::vector<Entry> entries_;
};

// The name of a host in known_hosts: lower case, "[name]:port" if the port is not 22.
std::string known_name(std::string_view host, std::uint16_t port);
// "SHA256:..." as ssh-keygen -l prints it.
std::string fingerprint(std::string_view key);
// The type that a public key names in its first field; "" if there is none.
std::string key_type(std::string_view key);

}  // namespace labctl::ssh
