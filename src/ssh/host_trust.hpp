#pragma once

#include "ssh/certificate.hpp"
#include "ssh/known_hosts.hpp"
#include "ssh/target.hpp"

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace labctl::ssh {

// What known_hosts says about the key or certificate that a host has shown.
struct HostTrust {
  HostKeyVerdict verdict = HostKeyVerdict::unknown;  // `match`: trusted
  std::string key;                                   // in wire format, without its certificate
  std::optional<Certificate> certificate;
  std::string certificate_problem;  // why the certificate is not trusted; empty if it is, or there is none
};

// Judges `shown`, a public key or a certificate in wire format. As in ssh, a certificate counts if its
// authority is one of the host in known_hosts and it is valid for this name and time; otherwise the key in it
// counts like a plain key, if HostKeyAlgorithms allows plain keys of its type. A revoked key or authority is
// never trusted. Of `choice`, host_keys and authority_signatures matter. Error{invalid} for a malformed
// certificate.
HostTrust judge_host(const KnownHosts& known, std::string_view host, std::uint16_t port,
                     std::string_view shown, std::time_t now, const AlgorithmChoice& choice);

}  // namespace labctl::ssh
