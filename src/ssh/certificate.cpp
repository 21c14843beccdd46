#include "ssh/certificate.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "ssh/config_options.hpp"
#include "ssh/known_hosts.hpp"
#include "ssh/signature.hpp"
#include "ssh/wire.hpp"

#include <algorithm>
#include <array>

namespace labctl::ssh {
namespace {

constexpr std::string_view suffix = "-cert-v01@openssh.com";
constexpr std::size_t most_principals = 256;  // as in ssh

// How many strings the public key of a type has after its type; 0 for a type without certificates.
int key_fields(const std::string& plain) {
  if (plain == "ssh-ed25519") return 1;
  if (plain == "sk-ecdsa-sha2-nistp256@openssh.com") return 3;
  const bool two =
      plain == "ssh-rsa" || plain.starts_with("ecdsa-sha2-") || plain == "sk-ssh-ed25519@openssh.com";
  return two ? 2 : 0;
}

Error malformed(const std::string& what) { return Error(Kind::invalid, what); }

// A name or an id: as in ssh, without a zero byte.
std::string text_of(std::string_view bytes) {
  if (bytes.find('\0') != std::string_view::npos)
    throw malformed("the certificate has a zero byte in a name");
  return std::string(bytes);
}

// The public key at the reader, in wire format.
std::string read_key(WireReader& reader, const std::string& plain) {
  const int fields = key_fields(plain);
  if (fields == 0) throw malformed("labctl does not know certificates for " + plain);
  WireWriter key;
  key.string(plain);
  for (int i = 0; i < fields; ++i) key.string(reader.string());
  return key.bytes();
}

std::vector<std::string> read_principals(std::string_view bytes) {
  std::vector<std::string> names;
  WireReader reader(bytes);
  while (!reader.at_end() && !reader.failed()) names.push_back(text_of(reader.string()));
  if (reader.failed() || names.size() > most_principals)
    throw malformed("the list of principals is malformed");
  return names;
}

// Options and extensions are pairs of a name and a value.
std::vector<std::string> read_option_names(std::string_view bytes) {
  std::vector<std::string> names;
  WireReader reader(bytes);
  while (!reader.at_end() && !reader.failed()) {
    names.emplace_back(reader.string());
    reader.string();
  }
  if (reader.failed()) throw malformed("the options of the certificate are malformed");
  return names;
}

std::string time_text(std::uint64_t seconds) {
  const auto time = static_cast<std::time_t>(std::min<std::uint64_t>(seconds, 253402300799));  // end of 9999
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
  return text.data();
}

// What a host or an authority calls itself must not be able to write to the terminal.
std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c >= 0x7f || c == '"'; }, '?');
  return text;
}

}  // namespace

std::string Certificate::line() const {
  return "certificate \"" + printable(id) + "\" (serial " + std::to_string(serial) + ") of " +
         key_type(authority) + " " + fingerprint(authority);
}

bool is_certificate_type(std::string_view type) { return type.ends_with(suffix); }

std::string plain_type(std::string_view type) {
  if (!is_certificate_type(type)) return std::string(type);
  type.remove_suffix(suffix.size());
  return std::string(type) + (type.starts_with("sk-") ? "@openssh.com" : "");
}

Certificate read_certificate(std::string_view blob) {
  WireReader reader(blob);
  const std::string type(reader.string());
  if (!is_certificate_type(type)) throw malformed("this is no certificate");
  reader.string();  // nonce
  Certificate certificate;
  certificate.key = read_key(reader, plain_type(type));
  certificate.serial = reader.u64();
  certificate.kind = reader.u32();
  certificate.id = text_of(reader.string());
  certificate.principals = read_principals(reader.string());
  certificate.valid_after = reader.u64();
  certificate.valid_before = reader.u64();
  certificate.critical_options = read_option_names(reader.string());
  read_option_names(reader.string());  // extensions
  reader.string();                     // reserved
  certificate.authority = reader.string();
  const auto signed_part = blob.substr(0, blob.size() - reader.left());
  const std::string signature(reader.string());
  if (reader.failed() || !reader.at_end()) throw malformed("the certificate is malformed");
  if (certificate.kind != Certificate::user_kind && certificate.kind != Certificate::host_kind)
    throw malformed("the certificate is neither for users nor for hosts");
  if (!verify_signature(certificate.authority, signed_part, signature))
    throw malformed("the certificate is not signed by the authority that it names");
  certificate.signature_algorithm = key_type(signature);
  return certificate;
}

std::string why_not_now(const Certificate& certificate, std::time_t now) {
  const auto time = static_cast<std::uint64_t>(now);
  if (time < certificate.valid_after) return "it is not valid before " + time_text(certificate.valid_after);
  if (time >= certificate.valid_before) return "it expired at " + time_text(certificate.valid_before);
  return {};
}

std::string why_not_valid_host(const Certificate& certificate, std::string_view name, std::time_t now,
                               const std::string& authority_algorithms) {
  // Without SHA-1, as in ssh since OpenSSH 8.2.
  static const std::vector<std::string> standard{"ssh-ed25519",
                                                 "ecdsa-sha2-nistp256",
                                                 "ecdsa-sha2-nistp384",
                                                 "ecdsa-sha2-nistp521",
                                                 "sk-ssh-ed25519@openssh.com",
                                                 "sk-ecdsa-sha2-nistp256@openssh.com",
                                                 "rsa-sha2-512",
                                                 "rsa-sha2-256"};
  if (certificate.kind != Certificate::host_kind) return "it is a user certificate, not a host certificate";
  if (auto why = why_not_now(certificate, now); !why.empty()) return why;
  // As in ssh, a certificate without principals holds for every host.
  const auto& names = certificate.principals;
  const bool named = names.empty() || std::find(names.begin(), names.end(), name) != names.end();
  if (!named) return "it is for " + printable(join(names, ", ")) + ", not for " + std::string(name);
  if (!certificate.critical_options.empty()) {
    return "it has the critical option " + printable(certificate.critical_options.front()) +
           ", which labctl does not know for hosts";
  }
  const auto allowed = choose_algorithms(authority_algorithms, standard, standard);
  if (std::find(allowed.begin(), allowed.end(), certificate.signature_algorithm) == allowed.end()) {
    return "its authority has signed with " + certificate.signature_algorithm +
           ", which CASignatureAlgorithms does not allow";
  }
  return {};
}

}  // namespace labctl::ssh
