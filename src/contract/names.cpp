#include "contract/names.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace labctl::contract {
namespace {

bool scheme_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '-' ||
         c == '.';
}

struct UrlParts {
  std::string_view authority, path;
};

UrlParts parse_url(std::string_view url) {
  const auto colon = url.find(':');
  if (colon != std::string_view::npos && colon > 0 &&
      std::all_of(url.begin(), url.begin() + static_cast<std::ptrdiff_t>(colon), scheme_char)) {
    url.remove_prefix(colon + 1);
  }
  UrlParts parts;
  if (url.starts_with("//")) {
    url.remove_prefix(2);
    const auto end = std::min(url.find_first_of("/?#"), url.size());
    parts.authority = url.substr(0, end);
    url.remove_prefix(end);
  }
  url = url.substr(0, url.find('#'));
  url = url.substr(0, url.find('?'));
  // ;params belong to the last segment only.
  const auto slash = url.rfind('/');
  url = url.substr(0, url.find(';', slash == std::string_view::npos ? 0 : slash));
  parts.path = url;
  return parts;
}

std::string last_segment(std::string_view url) {
  while (url.starts_with('/')) url.remove_prefix(1);
  while (url.ends_with('/')) url.remove_suffix(1);
  const auto slash = url.rfind('/');
  return lower(slash == std::string_view::npos ? url : url.substr(slash + 1));
}

}  // namespace

std::string md5_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_md5(), nullptr) != 1) {
    throw Error(Kind::system, "OpenSSL refuses MD5, which names the apps", "openssl",
                "run without a FIPS-only OpenSSL configuration");
  }
  static constexpr std::string_view hex = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += hex[digest[i] >> 4];
    text += hex[digest[i] & 15];
  }
  return text;
}

std::string url_path(std::string_view url) { return std::string(parse_url(url).path); }
std::string url_authority(std::string_view url) { return std::string(parse_url(url).authority); }

HostAndPort host_and_port(std::string_view authority) {
  const auto bracket = authority.starts_with('[') ? authority.find(']') : std::string_view::npos;
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const auto host = authority.substr(0, colon);
  return {std::string(bracket == std::string_view::npos ? host : host.substr(1, bracket - 1)),
          std::string(colon == std::string_view::npos ? "" : authority.substr(colon + 1))};
}

AppName app_name(std::string_view repo, std::string_view branch) {
  AppName name;
  name.repo_url = trim(repo);
  if (name.repo_url.ends_with(".git")) name.repo_url.resize(name.repo_url.size() - 4);
  name.branch = trim(branch);
  name.app = last_segment(name.repo_url);
  if (!name.branch.empty()) name.app += "_" + name.branch;
  name.app += "." + md5_hex(url_path(lower(name.repo_url))).substr(0, 5);
  name.project = project_of(name.app);
  return name;
}

std::string project_of(std::string_view app) {
  std::string project;
  std::copy_if(app.begin(), app.end(), std::back_inserter(project),
               [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
  return project;
}

std::string container_name(std::string_view project, std::string_view service) {
  return std::string(project) + "_" + std::string(service) + "_1";
}
std::string volume_name(std::string_view project, std::string_view key) {
  return std::string(project) + "_" + std::string(key);
}
std::string clone_name(std::string_view app, std::string_view event_id) {
  return std::string(app) + "-" + std::string(event_id);
}
std::string legacy_clone_name(std::string_view app, std::string_view deploy_date) {
  return std::string(app) + "@" + std::string(deploy_date);
}
std::string app_key(std::string_view app) { return "app/" + std::string(app); }
std::string maintenance_key(std::string_view app) { return "maintenance/" + std::string(app); }
std::string migrate_prefix(std::string_view app) { return "migrate/" + std::string(app) + "/"; }

}  // namespace labctl::contract
