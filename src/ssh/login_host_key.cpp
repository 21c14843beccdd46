// How a login checks what the host has shown, and what it says about it.
#include "base/text.hpp"
#include "ssh/algorithms.hpp"
#include "ssh/login.hpp"

#include <libssh2.h>

#include <ctime>

namespace labctl::ssh {
namespace {

std::string lines_of(const std::vector<KnownHosts::Place>& places) {
  std::vector<std::string> texts;
  for (const auto& one : places) texts.push_back(one.file + ":" + std::to_string(one.line));
  return join(texts, ", ");
}

std::vector<KnownHosts::Place> keys_of_all_types(const KnownHosts& known, const std::string& host,
                                                 std::uint16_t port) {
  std::vector<KnownHosts::Place> places;
  for (const auto& type : known.key_types(host, port)) {
    const auto of_type = known.places(host, port, type);
    places.insert(places.end(), of_type.begin(), of_type.end());
  }
  return places;
}

// The key of the host, or that of its certificate's authority.
std::vector<KnownHosts::Place> revocations_of(const HostTrust& trust, const KnownHosts& known,
                                              const std::string& host, std::uint16_t port) {
  const auto places = known.revocations(host, port, trust.key);
  return places.empty() && trust.certificate ? known.revocations(host, port, trust.certificate->authority)
                                             : places;
}

// The end of a message about a host that has shown a certificate; "" for a plain key.
std::string about_certificate(const HostTrust& trust) {
  if (!trust.certificate) return {};
  return "; its " + trust.certificate->line() + " is not trusted: " + trust.certificate_problem;
}

}  // namespace

HostTrust Login::host_trust() const {
  size_t size = 0;
  int type = 0;
  const char* bytes = libssh2_session_hostkey(session_->raw_, &size, &type);
  if (bytes == nullptr) throw failure(Cause::protocol, "the node has no host key");
  try {
    return judge_host(known_hosts_, known_host(), known_port(), {bytes, size}, std::time(nullptr),
                      session_->target_.algorithms);
  } catch (const Error& error) {
    throw failure(Cause::protocol,
                  std::string("the node has shown a host certificate that is none: ") + error.what());
  }
}

asio::awaitable<HostKey> Login::host_key(Deadline deadline) {
  co_await go(Until::host_key, deadline);
  const auto& files = session_->target_.known_hosts;
  const HostTrust trust = host_trust();
  HostKey found{.key = trust.key,
                .name = known_name(known_host(), known_port()),
                .verdict = trust.verdict,
                .certificate = trust.certificate ? trust.certificate->line() : "",
                .certificate_problem = trust.certificate_problem,
                .file = files.empty() ? std::filesystem::path() : files.front()};
  session_->close(Failure(Cause::stopped, "the host key is read", session_->target_.name));
  co_return found;
}

void Login::check_host_key() {
  const Target& target = session_->target_;
  const HostTrust trust = host_trust();
  const std::string shown = key_type(trust.key) + " " + fingerprint(trust.key);
  const std::string file = target.known_hosts.empty() ? "known_hosts" : target.known_hosts.front().string();
  const auto entries = [&](std::string_view of_type) {
    return known_hosts_.places(known_host(), known_port(), of_type);
  };
  const std::string for_alias = target.host_key_alias.empty() ? "" : " for HostKeyAlias " + known_host();
  const std::string certificate = about_certificate(trust);
  const std::string advice =
      (certificate.empty()
           ? ""
           : "sign the host's key again (ssh-keygen -s CA -h -n NAME), or use its plain key: ") +
      std::string("labctl tunnels trust shows it and adds it");
  switch (trust.verdict) {
    case HostKeyVerdict::match:
      return;
    case HostKeyVerdict::unknown:
      throw failure(Cause::host_key_unknown,
                    "host key is unknown: " + shown + " is not in " + file + for_alias + certificate, advice);
    case HostKeyVerdict::by_authority:
      throw failure(
          Cause::host_key_unknown,
          "host key is unknown: " + shown + "; " + lines_of(entries("")) +
              " trusts the host by a certificate authority" +
              (trust.certificate
                   ? certificate
                   : ", but the host has shown a plain key: does its sshd_config have a HostCertificate?"),
          advice);
    case HostKeyVerdict::only_in_certificate:
      throw failure(
          Cause::host_key_unknown,
          "HostKeyAlgorithms allows " + key_type(trust.key) + " only in a certificate" + certificate,
          "sign the host's key again (ssh-keygen -s CA -h -n NAME), or allow " + key_type(trust.key) +
              " in HostKeyAlgorithms");
    case HostKeyVerdict::other_type:
      throw failure(
          Cause::host_key_unknown,
          "host key is unknown: " + lines_of(keys_of_all_types(known_hosts_, known_host(), known_port())) +
              " has keys of this host" + for_alias + ", but not " + shown + certificate,
          advice);
    case HostKeyVerdict::changed: {
      const auto stale = entries(key_type(trust.key));
      throw failure(Cause::host_key_changed,
                    "HOST KEY HAS CHANGED: " + shown + " is not the one in " + lines_of(stale) + for_alias +
                        certificate,
                    "possibly a man-in-the-middle attack; if the node was reinstalled: ssh-keygen -f " +
                        stale.front().file + " -R " + stale.front().name);
    }
    case HostKeyVerdict::revoked:
      throw failure(Cause::host_key_revoked,
                    "host key is revoked in " +
                        lines_of(revocations_of(trust, known_hosts_, known_host(), known_port())) + ": " +
                        shown + certificate);
  }
}

}  // namespace labctl::ssh
