#include "ssh/host_trust.hpp"

#include "base/text.hpp"
#include "ssh/algorithms.hpp"

namespace labctl::ssh {

HostTrust judge_host(const KnownHosts& known, std::string_view host, std::uint16_t port,
                     std::string_view shown, std::time_t now, const AlgorithmChoice& choice) {
  HostTrust trust;
  trust.key = shown;
  if (is_certificate_type(key_type(shown))) {
    trust.certificate = read_certificate(shown);
    const Certificate& certificate = *trust.certificate;
    trust.key = certificate.key;
    trust.verdict = known.check_authority(host, port, certificate.authority, certificate.key);
    if (trust.verdict == HostKeyVerdict::revoked) {
      trust.certificate_problem = "its key or its authority is revoked";
      return trust;
    }
    trust.certificate_problem =
        trust.verdict == HostKeyVerdict::match
            ? why_not_valid_host(certificate, lower(host), now, choice.authority_signatures)
            : "its authority is not one that known_hosts has for " + known_name(host, port);
    if (trust.certificate_problem.empty()) return trust;
  }
  trust.verdict = known.check(host, port, trust.key);
  // As OpenSSH 10 does. OpenSSH 9.2 trusts the key.
  if (trust.verdict == HostKeyVerdict::match && trust.certificate &&
      !allows_plain_key(choice.host_keys, key_type(trust.key)))
    trust.verdict = HostKeyVerdict::only_in_certificate;
  return trust;
}

}  // namespace labctl::ssh
