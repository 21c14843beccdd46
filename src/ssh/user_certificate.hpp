#pragma once

#include "ssh/certificate.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace labctl::ssh {

// A certificate file of the user: CertificateFile, or KEY-cert.pub beside a key file.
struct UserCertificate {
  std::filesystem::path path;
  std::string blob;  // in wire format
  Certificate certificate;

  std::string line() const;  // "TYPE BASE64"
};

// nullopt if there is no such file. Error{invalid} if it is no user certificate, Error{system}.
std::optional<UserCertificate> load_user_certificate(const std::filesystem::path& path);

// What may be the reason why a node has refused the certificate for this user: "; it expired at ..."; "" if
// nothing can be seen from here.
std::string likely_refusal(const Certificate& certificate, const std::string& user, std::time_t now);

}  // namespace labctl::ssh
