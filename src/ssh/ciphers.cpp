#include "ssh/ciphers.hpp"

#if defined(__aarch64__)
#include <sys/auxv.h>
#endif

namespace labctl::ssh {
namespace {

// Without instructions for AES, ChaCha20 is several times faster.
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

}  // namespace

const char* preferred_ciphers() {
  constexpr const char* gcm_first =
      "aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,aes128-ctr,aes256-ctr";
  constexpr const char* chacha_first =
      "chacha20-poly1305@openssh.com,aes128-gcm@openssh.com,aes256-gcm@openssh.com,aes128-ctr,aes256-ctr";
#ifdef LABCTL_LIBSSH2_FAST_GCM
  return processor_has_aes() ? gcm_first : chacha_first;
#else
  // An unpatched libssh2 hands AES to OpenSSL in blocks of 16 bytes, which takes three times as long (tools/libssh2).
  static_cast<void>(processor_has_aes);
  static_cast<void>(gcm_first);
  return chacha_first;
#endif
}

}  // namespace labctl::ssh
