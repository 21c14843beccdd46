#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::ssh {

// Result of comparing a host's key with known_hosts.
enum class HostKeyVerdict {
  match,
  unknown,       // no key of the host is known
  by_authority,  // no key of the host is known, but an authority that signs its keys; this is a plain key
  other_type,    // keys of the host are known, none of this type
  changed,       // another key of this type is known
  revoked,
  only_in_certificate,  // the key is known, but HostKeyAlgorithms allows it only in a certificate that counts
};

// OpenSSH's known_hosts (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"): plain, wildcard, negated, "[host]:port" and
// hashed names. @revoked and @cert-authority are honoured (host_trust.hpp checks certificates). Malformed
// lines are skipped, as in ssh.
class KnownHosts {
public:
  // `file` is for places().
  void add(std::string_view text, const std::string& file = "known_hosts");
  // A missing file counts as empty. Error{system} if it cannot be read, Error{refused} if other users can
  // write it.
  void add_file(const std::filesystem::path& path);

  // `key` is the public key in wire format. As in ssh, a key that is known for the host without a port is
  // accepted on any port. ssh calls another key there unknown; here it has changed.
  HostKeyVerdict check(std::string_view host, std::uint16_t port, std::string_view key) const;
  // The same for a host certificate: `match` if its authority is one of the host, `revoked` if the authority
  // or the key in the certificate is revoked; else `unknown`.
  HostKeyVerdict check_authority(std::string_view host, std::uint16_t port, std::string_view authority,
                                 std::string_view key) const;
  // Whether certificates of the host matter: it has an authority, or a revoked key or authority.
  bool certificates_matter(std::string_view host, std::uint16_t port) const;
  // Key types known for the host, in file order, each once.
  std::vector<std::string> key_types(std::string_view host, std::uint16_t port) const;
  // An entry of the host with a key of this type; of an authority if `type` is empty. Those with the port
  // come first.
  struct Place {
    std::string file;
    std::size_t line;
    std::string name;  // of the host, as the entry has it or matches it: "[host]:port" or "host"
  };
  std::vector<Place> places(std::string_view host, std::uint16_t port, std::string_view type) const;
  // Entries that revoke this key, of the host or of an authority, for the host.
  std::vector<Place> revocations(std::string_view host, std::uint16_t port, std::string_view key) const;

private:
  enum class Mark { none, revoked, authority };
  struct Entry {
    Mark mark = Mark::none;
    std::string file;
    std::size_t line = 0;
    std::string hosts;
    std::string type;
    std::string key;  // decoded
  };

  std::vector<Place> places_of(std::string_view host, std::uint16_t port,
                               const std::function<bool(const Entry&)>& wanted) const;
  HostKeyVerdict check_name(const std::string& name, std::string_view key) const;
  HostKeyVerdict check_authority_of_name(const std::string& name, std::string_view authority,
                                         std::string_view key) const;

  std::vector<Entry> entries_;
};

// The name of a host in known_hosts: lower case, "[name]:port" if the port is not 22.
std::string known_name(std::string_view host, std::uint16_t port);
// "SHA256:..." as ssh-keygen -l prints it.
std::string fingerprint(std::string_view key);
// The type that a public key names in its first field; "" if there is none.
std::string key_type(std::string_view key);

}  // namespace labctl::ssh
