#pragma once

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::ssh {

// An OpenSSH certificate: a public key with names and a time, signed by the key of an authority. Source of
// the format: PROTOCOL.certkeys of OpenSSH.
struct Certificate {
  static constexpr std::uint32_t user_kind = 1;
  static constexpr std::uint32_t host_kind = 2;

  std::string key;  // the public key without the certificate, in wire format
  std::uint64_t serial = 0;
  std::uint32_t kind = 0;
  std::string id;  // as its authority calls it
  std::vector<std::string> principals;
  std::uint64_t valid_after = 0;              // seconds since 1970
  std::uint64_t valid_before = 0;             // the first second at which it is not valid any more
  std::vector<std::string> critical_options;  // names
  std::string authority;                      // its public key, in wire format
  std::string signature_algorithm;

  // For messages: `certificate "web1" (serial 7) of SHA256:...`. What is not printable in the id is replaced.
  std::string line() const;
};

// "ssh-ed25519-cert-v01@openssh.com" and its siblings, and the names of algorithms like them.
bool is_certificate_type(std::string_view type);
// The type or algorithm without the certificate: "ssh-ed25519" of "ssh-ed25519-cert-v01@openssh.com",
// "rsa-sha2-512" of "rsa-sha2-512-cert-v01@openssh.com". Any other name is returned unchanged.
std::string plain_type(std::string_view type);

// Reads a certificate in wire format and checks the authority's signature. As in ssh, an authority's RSA key
// has at least 1024 bits and is no certificate itself. Error{invalid}.
Certificate read_certificate(std::string_view blob);

// Why a certificate is not valid at this time; "" if it is.
std::string why_not_now(const Certificate& certificate, std::time_t now);
// Why a host certificate does not hold for a host of this name (lower case, without a port) at this time; ""
// if it does. `authority_algorithms`: CASignatureAlgorithms in ssh_config syntax, "" for the default. Whether
// its authority is trusted is for known_hosts to say.
std::string why_not_valid_host(const Certificate& certificate, std::string_view name, std::time_t now,
                               const std::string& authority_algorithms);

}  // namespace labctl::ssh
