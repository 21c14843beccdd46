#pragma once

#include "ssh/failure.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace labctl::ssh {

// A key file that is fit to be used.
struct Identity {
  std::filesystem::path path;
  std::string text;          // of the private key; a secret, never logged
  bool encrypted = false;    // only an agent can use it
  bool public_only = false;  // there is no private key: it chooses one of the agent's
  std::string public_key;    // as the wire has it; "" if neither the file nor FILE.pub tells

  bool usable() const { return !encrypted && !public_only; }
};

// Reads the file and checks that it is ours alone and a private key. As for ssh, a public key, or FILE.pub
// where FILE is missing, stands for the key of an agent. Failure: identity_missing, identity_too_open,
// identity_invalid.
Identity load_identity(const std::filesystem::path& path);

// What can be told of a key from its text alone.
struct KeyText {
  bool private_key = false;
  bool encrypted = false;
  std::string public_key;  // only OpenSSH's own format has it in the clear
};
KeyText inspect_key(const std::string& text);

}  // namespace labctl::ssh
