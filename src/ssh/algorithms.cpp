#include "ssh/algorithms.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "ssh/certificate.hpp"
#include "ssh/config_options.hpp"

#include <libssh2.h>

#include <algorithm>
#include <string_view>

#if defined(__aarch64__)
#include <sys/auxv.h>
#endif

namespace labctl::ssh {
namespace {

// Without processor instructions for AES, ChaCha20 is several times faster.
bool processor_has_aes() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("aes") != 0 && __builtin_cpu_supports("pclmul") != 0;
#elif defined(__aarch64__)
  constexpr unsigned long aes = 1UL << 3, pmull = 1UL << 4;  // HWCAP_AES, HWCAP_PMULL of asm/hwcap.h
  return (::getauxval(AT_HWCAP) & (aes | pmull)) == (aes | pmull);
#else
  return false;
#endif
}

// Every cipher in these lists is authenticated or is used with a MAC.
std::string_view preferred_ciphers() {
  constexpr std::string_view gcm_first =
      "aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,aes128-ctr,aes256-ctr";
  constexpr std::string_view chacha_first =
      "chacha20-poly1305@openssh.com,aes128-gcm@openssh.com,aes256-gcm@openssh.com,aes128-ctr,aes256-ctr";
  return processor_has_aes() ? gcm_first : chacha_first;
}

using Names = std::vector<std::string>;

// The types of host keys, and the algorithms of each.
const std::vector<std::pair<std::string, Names>>& host_key_types() {
  static const std::vector<std::pair<std::string, Names>> all{
      {"ssh-ed25519", {"ssh-ed25519"}},
      {"ecdsa-sha2-nistp256", {"ecdsa-sha2-nistp256"}},
      {"ecdsa-sha2-nistp384", {"ecdsa-sha2-nistp384"}},
      {"ecdsa-sha2-nistp521", {"ecdsa-sha2-nistp521"}},
      {"ssh-rsa", {"rsa-sha2-512", "rsa-sha2-256"}}};
  return all;
}

// Algorithms with a key in known_hosts come first; before them certificates, if they matter.
Names host_key_algorithms(const Names& known, bool certificates_matter) {
  Names first, rest;
  for (const auto& [type, algorithms] : host_key_types()) {
    const bool is_known = std::find(known.begin(), known.end(), type) != known.end();
    auto& part = is_known ? first : rest;
    part.insert(part.end(), algorithms.begin(), algorithms.end());
  }
  first.insert(first.end(), rest.begin(), rest.end());
  Names certificates;
  for (const auto& [type, algorithms] : host_key_types()) {
    for (const std::string& name : algorithms) certificates.push_back(name + "-cert-v01@openssh.com");
  }
  first.insert(certificates_matter ? first.begin() : first.end(), certificates.begin(), certificates.end());
  return first;
}

// libssh2 also lists certificates with SHA-1, for user keys only.
bool only_for_users(std::string_view host_key_algorithm) {
  return is_certificate_type(host_key_algorithm) && host_key_algorithm.starts_with("ssh-rsa-");
}

// The algorithms of libssh2, without the marks in its key exchange list that are not algorithms: libssh2 adds
// these itself.
Names supported(LIBSSH2_SESSION* session, int method) {
  const char** list = nullptr;
  const int count = libssh2_session_supported_algs(session, method, &list);
  Names names;
  for (int i = 0; i < count; ++i) {
    const std::string_view name = list[i];
    if (!name.starts_with("ext-info-") && !name.starts_with("kex-strict-")) names.emplace_back(name);
  }
  if (count > 0) libssh2_free(session, static_cast<void*>(list));
  return names;
}

void offer(LIBSSH2_SESSION* session, int method, std::string_view option, const std::string& choice,
           const Names& standard) {
  Names all = supported(session, method);
  if (method == LIBSSH2_METHOD_HOSTKEY) std::erase_if(all, only_for_users);
  const std::string names = join(choose_algorithms(choice, standard.empty() ? all : standard, all), ",");
  if (names.empty()) {
    throw Error(Kind::invalid, std::string(option) + " " + choice + " leaves no algorithm that labctl has",
                {}, "labctl has " + join(all, ", "));
  }
  if (libssh2_session_method_pref(session, method, names.c_str()) != 0)
    throw Error(Kind::invalid, std::string(option) + ": libssh2 does not take " + names);
}

}  // namespace

void offer_algorithms(LIBSSH2_SESSION* session, const AlgorithmChoice& choice, const Names& known_key_types,
                      bool certificates_matter) {
  const Names ciphers = split(preferred_ciphers(), ',');
  offer(session, LIBSSH2_METHOD_HOSTKEY, "HostKeyAlgorithms", choice.host_keys,
        host_key_algorithms(known_key_types, certificates_matter));
  offer(session, LIBSSH2_METHOD_KEX, "KexAlgorithms", choice.key_exchanges, {});
  for (const int method : {LIBSSH2_METHOD_CRYPT_CS, LIBSSH2_METHOD_CRYPT_SC})
    offer(session, method, "Ciphers", choice.ciphers, ciphers);
  for (const int method : {LIBSSH2_METHOD_MAC_CS, LIBSSH2_METHOD_MAC_SC})
    offer(session, method, "MACs", choice.macs, {});
}

bool allows_plain_key(const std::string& list, std::string_view key_type) {
  const Names all = host_key_algorithms({}, false);
  const Names allowed = choose_algorithms(list, all, all);
  return std::any_of(host_key_types().begin(), host_key_types().end(), [&](const auto& one) {
    return one.first == key_type &&
           std::any_of(one.second.begin(), one.second.end(), [&](const auto& algorithm) {
             return std::find(allowed.begin(), allowed.end(), algorithm) != allowed.end();
           });
  });
}

}  // namespace labctl::ssh
