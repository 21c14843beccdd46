#pragma once

#include "ssh/failure.hpp"
#include "ssh/user_certificate.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace labctl::ssh {

// A usable key file.
struct Identity {
  std::filesystem::path path;
  std::string text;                            // of the private key; a secret, never logged
  bool encrypted = false;                      // only an agent can use it
  bool public_only = false;                    // no private key here: selects a key of the agent
  bool security_key = false;                   // the private part is in a device, which only an agent can use
  std::string public_key;                      // in wire format; "" if neither the file nor FILE.pub has it
  std::optional<UserCertificate> certificate;  // of this key; set by the login

  bool usable() const { return !encrypted && !public_only && !security_key; }
};

// Reads the file and checks that it is a private key that only we can read. As in ssh, a public key, or
// FILE.pub if FILE is missing, selects a key of the agent. Failure: identity_missing, identity_too_open,
// identity_invalid.
Identity load_identity(const std::filesystem::path& path);

// "TYPE BASE64 comment": the key in wire format; "" if the text is not such a key.
std::string public_key_of(const std::string& text);

// What is known about a key from its text alone.
struct KeyText {
  bool private_key = false;
  bool encrypted = false;
  std::string public_key;  // only OpenSSH's format has it unencrypted
};
KeyText inspect_key(const std::string& text);

}  // namespace labctl::ssh
