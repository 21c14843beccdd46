#include "ssh/user_certificate.hpp"

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/paths.hpp"
#include "ssh/identity.hpp"
#include "ssh/known_hosts.hpp"

#include <algorithm>

namespace labctl::ssh {

std::string UserCertificate::line() const { return key_type(blob) + " " + encode_base64(blob); }

std::optional<UserCertificate> load_user_certificate(const std::filesystem::path& path) {
  UserCertificate found;
  found.path = path;
  try {
    found.blob = public_key_of(read_file(path));
  } catch (const Error& error) {
    if (error.kind() == Kind::not_found) return std::nullopt;
    throw;
  }
  if (!is_certificate_type(key_type(found.blob))) throw Error(Kind::invalid, "this is no certificate");
  found.certificate = read_certificate(found.blob);
  if (found.certificate.kind != Certificate::user_kind)
    throw Error(Kind::invalid, "it is a host certificate, not a user certificate");
  return found;
}

std::string likely_refusal(const Certificate& certificate, const std::string& user, std::time_t now) {
  if (const auto why = why_not_now(certificate, now); !why.empty()) return "; " + why;
  const auto& names = certificate.principals;
  if (std::find(names.begin(), names.end(), user) == names.end())
    return "; it does not name the user " + user;
  return {};
}

}  // namespace labctl::ssh
