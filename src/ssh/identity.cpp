#include "ssh/identity.hpp"

#include "base/base64.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "ssh/known_hosts.hpp"
#include "ssh/wire.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <sstream>

namespace labctl::ssh {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view openssh_begin = "-----BEGIN OPENSSH PRIVATE KEY-----";
constexpr std::string_view openssh_end = "-----END OPENSSH PRIVATE KEY-----";

// PROTOCOL.key of OpenSSH: "openssh-key-v1\0", cipher, kdf, kdf options, number of keys, public key, private
// part.
KeyText inspect_openssh(const std::string& text, std::size_t begin) {
  KeyText key;
  const auto end = text.find(openssh_end);
  if (end == std::string::npos) return key;
  std::string body = text.substr(begin + openssh_begin.size(), end - begin - openssh_begin.size());
  std::erase_if(body, [](unsigned char c) { return std::isspace(c); });
  const std::string bytes = decode_base64(body).value_or("");
  constexpr std::string_view magic("openssh-key-v1\0", 15);
  if (!std::string_view(bytes).starts_with(magic)) return key;
  WireReader reader(std::string_view(bytes).substr(magic.size()));
  const auto cipher = reader.string();
  reader.string();
  reader.string();
  if (reader.u32() != 1) return key;
  const auto public_key = reader.string();
  if (reader.failed()) return key;
  key.private_key = true;
  key.encrypted = cipher != "none";
  key.public_key = public_key;
  return key;
}

// The public key file beside the private key, as ssh-keygen creates it.
std::string read_public(const fs::path& path) {
  try {
    return public_key_of(read_file(path.string() + ".pub"));
  } catch (const Error&) {
    return {};
  }
}

Identity public_identity(const fs::path& path, std::string key) {
  Identity identity;
  identity.path = path;
  identity.public_only = true;
  identity.public_key = std::move(key);
  return identity;
}

}  // namespace

std::string public_key_of(const std::string& text) {
  std::istringstream words(text);
  std::string type, encoded;
  words >> type >> encoded;
  std::string key = decode_base64(encoded).value_or("");
  return !key.empty() && key_type(key) == type ? key : "";
}

KeyText inspect_key(const std::string& text) {
  if (const auto begin = text.find(openssh_begin); begin != std::string::npos)
    return inspect_openssh(text, begin);
  KeyText key;
  const auto begin = text.find("-----BEGIN ");
  if (begin == std::string::npos) return key;
  const std::string label = text.substr(begin, text.find('\n', begin) - begin);
  key.private_key = label.find("PRIVATE KEY-----") != std::string::npos;
  key.encrypted = label.find("ENCRYPTED") != std::string::npos ||
                  text.find("Proc-Type: 4,ENCRYPTED") != std::string::npos;
  return key;
}

Identity load_identity(const fs::path& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) {
      if (std::string key = read_public(path); !key.empty()) return public_identity(path, std::move(key));
      throw Failure(Cause::identity_missing, "key file is missing: " + path.string(), {},
                    "give the right `identity` in the inventory");
    }
    throw Failure(Cause::identity_missing, system_error("cannot look at key file " + path.string()).what());
  }
  Identity identity;
  identity.path = path;
  try {
    identity.text = read_file(path);
  } catch (const Error& error) {
    throw Failure(Cause::identity_missing, error.line());
  }
  const KeyText key = inspect_key(identity.text);
  if (!key.private_key) {
    if (std::string known = public_key_of(identity.text); !known.empty())
      return public_identity(path, std::move(known));
    throw Failure(Cause::identity_invalid, "is no key: " + path.string(), {},
                  "give the right `identity` in the inventory");
  }
  // As in ssh, the mode is checked only for files of the current user.
  if (found.st_uid == ::geteuid() && (found.st_mode & 077) != 0) {
    throw Failure(Cause::identity_too_open, "key file is open to others: " + path.string(), {},
                  "chmod 600 " + path.string());
  }
  identity.encrypted = key.encrypted;
  identity.public_key = key.public_key.empty() ? read_public(path) : key.public_key;
  identity.security_key = key_type(identity.public_key).starts_with("sk-");
  return identity;
}

}  // namespace labctl::ssh
