#include "ssh/known_hosts.hpp"

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "base/trusted_file.hpp"
#include "ssh/pattern.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <sstream>

namespace labctl::ssh {
namespace {

// "|1|SALT|HASH": HMAC-SHA1 of the name with the salt as key.
bool hashed_match(std::string_view field, std::string_view name) {
  const auto parts = split(field.substr(3), '|');
  if (parts.size() != 2) return false;
  const std::string salt = decode_base64(parts[0]).value_or("");
  const std::string hash = decode_base64(parts[1]).value_or("");
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(EVP_sha1(), salt.data(), static_cast<int>(salt.size()),
       reinterpret_cast<const unsigned char*>(name.data()), name.size(), digest.data(), &size);
  return size != 0 && hash == std::string_view(reinterpret_cast<const char*>(digest.data()), size);
}

bool names(const std::string& field, const std::string& name) {
  if (field.starts_with("|1|")) return hashed_match(field, name);
  return match_pattern_list(name, field);
}

}  // namespace

std::string known_name(std::string_view host, std::uint16_t port) {
  const auto name = lower(host);
  return port == 22 ? name : "[" + name + "]:" + std::to_string(port);
}

void KnownHosts::add(std::string_view text, const std::string& file) {
  std::size_t number = 0;
  for (const std::string& line : lines(text)) {
    ++number;
    std::istringstream words(line);
    std::string first;
    if (!(words >> first) || first.starts_with('#')) continue;
    Entry entry;
    if (first.starts_with('@')) {
      if (first != "@revoked" && first != "@cert-authority") continue;
      entry.mark = first == "@revoked" ? Mark::revoked : Mark::authority;
      if (!(words >> first)) continue;
    }
    std::string key;
    if (!(words >> entry.type >> key)) continue;
    entry.hosts = first;
    entry.file = file;
    entry.line = number;
    entry.key = decode_base64(key).value_or("");
    if (entry.key.empty()) continue;
    entries_.push_back(std::move(entry));
  }
}

void KnownHosts::add_file(const std::filesystem::path& path) {
  try {
    struct stat found {};
    const std::string why = ::stat(path.c_str(), &found) == 0 ? why_not_trusted(found) : "";
    // Whoever may write it can put another host in the place of the node.
    if (!why.empty()) throw Error(Kind::refused, why, path.string(), "chmod go-w " + path.string());
    add(read_file(path), path.string());
  } catch (const Error& error) {
    if (error.kind() != Kind::not_found) throw;
  }
}

HostKeyVerdict KnownHosts::check(std::string_view host, std::uint16_t port, std::string_view key) const {
  const HostKeyVerdict verdict = check_name(known_name(host, port), key);
  if (port == 22 || verdict == HostKeyVerdict::match || verdict == HostKeyVerdict::changed ||
      verdict == HostKeyVerdict::revoked)
    return verdict;
  const HostKeyVerdict bare = check_name(lower(host), key);
  const bool counts = bare == HostKeyVerdict::match || bare == HostKeyVerdict::revoked ||
                      (verdict == HostKeyVerdict::unknown && bare != HostKeyVerdict::other_type);
  return counts ? bare : verdict;
}

HostKeyVerdict KnownHosts::check_authority(std::string_view host, std::uint16_t port,
                                           std::string_view authority, std::string_view key) const {
  const HostKeyVerdict verdict = check_authority_of_name(known_name(host, port), authority, key);
  if (port == 22 || verdict != HostKeyVerdict::unknown) return verdict;
  return check_authority_of_name(lower(host), authority, key);
}

HostKeyVerdict KnownHosts::check_authority_of_name(const std::string& name, std::string_view authority,
                                                   std::string_view key) const {
  HostKeyVerdict verdict = HostKeyVerdict::unknown;
  for (const Entry& entry : entries_) {
    if (entry.mark == Mark::none || !names(entry.hosts, name)) continue;
    const bool authority_matches = entry.key == authority;
    if (entry.mark == Mark::revoked && (authority_matches || entry.key == key))
      return HostKeyVerdict::revoked;
    if (entry.mark == Mark::authority && authority_matches) verdict = HostKeyVerdict::match;
  }
  return verdict;
}

HostKeyVerdict KnownHosts::check_name(const std::string& name, std::string_view key) const {
  const std::string type = key_type(key);
  HostKeyVerdict verdict = HostKeyVerdict::unknown;
  for (const Entry& entry : entries_) {
    if (!names(entry.hosts, name)) continue;
    if (entry.mark == Mark::revoked) {
      if (entry.key == key) return HostKeyVerdict::revoked;
      continue;
    }
    if (entry.mark == Mark::authority) {
      if (verdict == HostKeyVerdict::unknown) verdict = HostKeyVerdict::by_authority;
      continue;
    }
    if (entry.key == key) {
      verdict = HostKeyVerdict::match;  // read on: the key may be revoked further down
    } else if (verdict != HostKeyVerdict::match) {
      if (key_type(entry.key) == type) verdict = HostKeyVerdict::changed;
      if (verdict != HostKeyVerdict::changed) verdict = HostKeyVerdict::other_type;
    }
  }
  return verdict;
}

bool KnownHosts::certificates_matter(std::string_view host, std::uint16_t port) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.mark != Mark::none &&
           (names(entry.hosts, known_name(host, port)) || names(entry.hosts, lower(host)));
  });
}

std::vector<std::string> KnownHosts::key_types(std::string_view host, std::uint16_t port) const {
  const std::string name = known_name(host, port);
  std::vector<std::string> types;
  for (const Entry& entry : entries_) {
    if (entry.mark != Mark::none || !names(entry.hosts, name)) continue;
    if (std::find(types.begin(), types.end(), entry.type) == types.end()) types.push_back(entry.type);
  }
  return types;
}

std::vector<KnownHosts::Place> KnownHosts::places(std::string_view host, std::uint16_t port,
                                                  std::string_view type) const {
  return places_of(host, port, [&](const Entry& entry) {
    return type.empty() ? entry.mark == Mark::authority
                        : entry.mark == Mark::none && key_type(entry.key) == type;
  });
}

std::vector<KnownHosts::Place> KnownHosts::revocations(std::string_view host, std::uint16_t port,
                                                       std::string_view key) const {
  return places_of(host, port,
                   [&](const Entry& entry) { return entry.mark == Mark::revoked && entry.key == key; });
}

std::vector<KnownHosts::Place> KnownHosts::places_of(std::string_view host, std::uint16_t port,
                                                     const std::function<bool(const Entry&)>& wanted) const {
  std::vector<Place> found;
  std::vector<Place> bare;
  const std::string name = known_name(host, port);
  for (const Entry& entry : entries_) {
    if (!wanted(entry)) continue;
    if (names(entry.hosts, name)) {
      found.push_back({entry.file, entry.line, name});
    } else if (names(entry.hosts, lower(host))) {
      bare.push_back({entry.file, entry.line, lower(host)});
    }
  }
  found.insert(found.end(), bare.begin(), bare.end());
  return found;
}

std::string fingerprint(std::string_view key) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(key.data(), key.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string text = encode_base64({reinterpret_cast<const char*>(digest.data()), size});
  while (text.ends_with('=')) text.pop_back();
  return "SHA256:" + text;
}

std::string key_type(std::string_view key) {
  if (key.size() < 4) return {};
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>(key[i]);
  return size <= key.size() - 4 ? std::string(key.substr(4, size)) : std::string{};
}

}  // namespace labctl::ssh
