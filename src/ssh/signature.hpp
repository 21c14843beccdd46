#pragma once

#include <string_view>

namespace labctl::ssh {

// True if the signature is one of `data` by this key. Both are in wire format: key as in RFC 4253, section
// 6.6 (ssh-rsa), RFC 5656 (ecdsa-sha2-*), RFC 8709 (ssh-ed25519) or PROTOCOL.u2f of OpenSSH (sk-*);
// signature as its algorithm and its bytes. RSA is verified with SHA-256 and SHA-512 only (RFC 8332). False
// for anything malformed, for unknown types, and for RSA keys below 1024 bits.
bool verify_signature(std::string_view key, std::string_view data, std::string_view signature);

}  // namespace labctl::ssh
