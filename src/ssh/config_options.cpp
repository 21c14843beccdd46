#include "ssh/config_options.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "ssh/pattern.hpp"

#include <netdb.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <climits>
#include <optional>
#include <utility>

namespace labctl::ssh {
namespace {

using F = OptionForm;
using U = OptionUse;

constexpr std::string_view flag = "yes no true false";

// ssh_config(5) of OpenSSH 10, and what Debian adds to it.
constexpr std::array table{
    ConfigOption{"AddressFamily", F::choice, U::honoured, "any inet inet6"},
    ConfigOption{"BindAddress", F::word, U::honoured},
    ConfigOption{"CASignatureAlgorithms", F::word, U::honoured},
    ConfigOption{"CertificateFile", F::several, U::honoured},
    ConfigOption{"ConnectTimeout", F::time, U::honoured},
    ConfigOption{"ConnectionAttempts", F::number, U::honoured},
    ConfigOption{"GlobalKnownHostsFile", F::files, U::honoured},
    ConfigOption{"HostKeyAlgorithms", F::word, U::honoured},
    ConfigOption{"HostKeyAlias", F::word, U::honoured},
    ConfigOption{"HostName", F::word, U::honoured},
    ConfigOption{"BatchMode", F::choice, U::honoured, flag},
    ConfigOption{"IdentitiesOnly", F::choice, U::honoured, flag},
    ConfigOption{"IdentityAgent", F::agent, U::honoured},
    ConfigOption{"IdentityFile", F::several, U::honoured},
    ConfigOption{"IgnoreUnknown", F::word, U::honoured},
    ConfigOption{"Port", F::port, U::honoured},
    ConfigOption{"ProxyCommand", F::command, U::honoured},
    ConfigOption{"ProxyJump", F::jump, U::honoured},
    ConfigOption{
        "PubkeyAcceptedAlgorithms", F::word, U::refused, {}, {}, "labctl chooses its own algorithms"},
    ConfigOption{"ServerAliveInterval", F::time, U::honoured},
    ConfigOption{"Tag", F::word, U::honoured},
    ConfigOption{"User", F::word, U::honoured},
    ConfigOption{"UserKnownHostsFile", F::files, U::honoured},

    ConfigOption{"BindInterface", F::word, U::honoured},
    ConfigOption{"CanonicalizeHostname", F::choice, U::refused, "yes no true false always", "no",
                 "labctl does not look for a canonical name"},
    ConfigOption{
        "CanonicalizePermittedCNAMEs", F::files, U::refused, {}, "none", "labctl does not follow CNAMEs"},
    ConfigOption{"Ciphers", F::word, U::honoured},
    ConfigOption{"KexAlgorithms", F::word, U::honoured},
    ConfigOption{
        "KnownHostsCommand", F::command, U::refused, {}, "none", "labctl runs no command to learn host keys"},
    ConfigOption{"MACs", F::word, U::honoured},
    ConfigOption{
        "PreferredAuthentications", F::word, U::refused, {}, {}, "labctl logs in with public keys only"},
    ConfigOption{"PubkeyAuthentication", F::choice, U::refused, "yes no true false unbound host-bound",
                 "yes unbound host-bound", "labctl logs in with public keys only"},
    ConfigOption{
        "RefuseConnection", F::word, U::refused, {}, {}, "the configuration forbids this connection"},
    ConfigOption{
        "RequiredRSASize", F::number, U::refused, {}, "0 1024", "labctl does not judge the size of RSA keys"},
    ConfigOption{"RevokedHostKeys",
                 F::word,
                 U::refused,
                 {},
                 "none",
                 "labctl reads no list of revoked keys; @revoked in known_hosts is honoured"},
    ConfigOption{"VerifyHostKeyDNS", F::choice, U::refused, "yes no true false ask", "no",
                 "labctl does not ask the DNS for host keys"},

    ConfigOption{"CheckHostIP", F::choice, U::told, flag, "no", "labctl checks the key under the name only"},
    ConfigOption{"NoHostAuthenticationForLocalhost", F::choice, U::told, flag, "no",
                 "labctl checks every host key"},
    ConfigOption{
        "PKCS11Provider", F::word, U::told, {}, "none", "labctl uses such keys through an agent only"},
    ConfigOption{"RekeyLimit", F::unread, U::told, {}, {}, "labctl leaves the rekeying to sshd"},
    ConfigOption{"StrictHostKeyChecking", F::choice, U::told, "yes no true false ask off accept-new",
                 "yes ask", "labctl checks every host key and adds none to known_hosts"},

    ConfigOption{"AddKeysToAgent", F::unread, U::no_matter},
    ConfigOption{"CanonicalDomains", F::unread, U::no_matter},
    ConfigOption{"CanonicalizeFallbackLocal", F::choice, U::no_matter, flag},
    ConfigOption{"CanonicalizeMaxDots", F::number, U::no_matter},
    ConfigOption{"ChannelTimeout", F::unread, U::no_matter},
    ConfigOption{"ClearAllForwardings", F::choice, U::no_matter, flag},
    ConfigOption{"Compression", F::choice, U::no_matter, "yes no"},
    ConfigOption{"ControlMaster", F::unread, U::no_matter},
    ConfigOption{"ControlPath", F::unread, U::no_matter},
    ConfigOption{"ControlPersist", F::unread, U::no_matter},
    ConfigOption{"DynamicForward", F::unread, U::no_matter},
    ConfigOption{"EnableEscapeCommandline", F::choice, U::no_matter, flag},
    ConfigOption{"EnableSSHKeysign", F::choice, U::no_matter, flag},
    ConfigOption{"EscapeChar", F::unread, U::no_matter},
    ConfigOption{"ExitOnForwardFailure", F::choice, U::no_matter, flag},
    ConfigOption{"FingerprintHash", F::unread, U::no_matter},
    ConfigOption{"ForkAfterAuthentication", F::unread, U::no_matter},
    ConfigOption{"ForwardAgent", F::unread, U::no_matter},
    ConfigOption{"ForwardX11", F::choice, U::no_matter, flag},
    ConfigOption{"ForwardX11Timeout", F::unread, U::no_matter},
    ConfigOption{"ForwardX11Trusted", F::choice, U::no_matter, flag},
    ConfigOption{"GatewayPorts", F::choice, U::no_matter, flag},
    ConfigOption{"GSSAPIAuthentication", F::choice, U::no_matter, flag},
    ConfigOption{"GSSAPIClientIdentity", F::unread, U::no_matter},
    ConfigOption{"GSSAPIDelegateCredentials", F::choice, U::no_matter, flag},
    ConfigOption{"GSSAPIKexAlgorithms", F::unread, U::no_matter},
    ConfigOption{"GSSAPIKeyExchange", F::unread, U::no_matter},
    ConfigOption{"GSSAPIRenewalForcesRekey", F::unread, U::no_matter},
    ConfigOption{"GSSAPIServerIdentity", F::unread, U::no_matter},
    ConfigOption{"GSSAPITrustDNS", F::unread, U::no_matter},
    ConfigOption{"HashKnownHosts", F::choice, U::no_matter, flag},
    ConfigOption{"HostbasedAcceptedAlgorithms", F::unread, U::no_matter},
    ConfigOption{"HostbasedAuthentication", F::choice, U::no_matter, flag},
    ConfigOption{"IPQoS", F::unread, U::no_matter},
    ConfigOption{"KbdInteractiveAuthentication", F::choice, U::no_matter, flag},
    ConfigOption{"KbdInteractiveDevices", F::unread, U::no_matter},
    ConfigOption{"LocalCommand", F::unread, U::no_matter},
    ConfigOption{"LocalForward", F::unread, U::no_matter},
    ConfigOption{"LogLevel", F::unread, U::no_matter},
    ConfigOption{"LogVerbose", F::unread, U::no_matter},
    ConfigOption{"NumberOfPasswordPrompts", F::number, U::no_matter},
    ConfigOption{"ObscureKeystrokeTiming", F::unread, U::no_matter},
    ConfigOption{"PasswordAuthentication", F::choice, U::no_matter, flag},
    ConfigOption{"PermitLocalCommand", F::choice, U::no_matter, flag},
    ConfigOption{"PermitRemoteOpen", F::unread, U::no_matter},
    ConfigOption{"Protocol", F::unread, U::no_matter},
    ConfigOption{"ProxyUseFdpass", F::choice, U::refused, flag, "no",
                 "labctl takes no descriptor from a ProxyCommand"},
    ConfigOption{"RemoteCommand", F::unread, U::no_matter},
    ConfigOption{"RemoteForward", F::unread, U::no_matter},
    ConfigOption{"RequestTTY", F::unread, U::no_matter},
    ConfigOption{"SecurityKeyProvider", F::unread, U::no_matter},
    ConfigOption{"SendEnv", F::unread, U::no_matter},
    ConfigOption{"ServerAliveCountMax", F::number, U::honoured},
    ConfigOption{"SessionType", F::unread, U::no_matter},
    ConfigOption{"SetEnv", F::unread, U::no_matter},
    ConfigOption{"StdinNull", F::unread, U::no_matter},
    ConfigOption{"StreamLocalBindMask", F::unread, U::no_matter},
    ConfigOption{"StreamLocalBindUnlink", F::choice, U::no_matter, flag},
    ConfigOption{"SyslogFacility", F::unread, U::no_matter},
    ConfigOption{"TCPKeepAlive", F::choice, U::no_matter, flag},
    ConfigOption{"Tunnel", F::unread, U::no_matter},
    ConfigOption{"TunnelDevice", F::unread, U::no_matter},
    ConfigOption{"UpdateHostkeys", F::unread, U::no_matter},
    ConfigOption{"VersionAddendum", F::unread, U::no_matter},
    ConfigOption{"VisualHostKey", F::choice, U::no_matter, flag},
    ConfigOption{"WarnWeakCrypto", F::unread, U::no_matter},
    ConfigOption{"XAuthLocation", F::unread, U::no_matter},
};

// Older names, and options that ssh still accepts although they have no effect any more (these map to
// "protocol").
constexpr std::array<std::pair<std::string_view, std::string_view>, 26> other_names{{
    {"afstokenpassing", "protocol"},
    {"challengeresponseauthentication", "kbdinteractiveauthentication"},
    {"cipher", "protocol"},
    {"compressionlevel", "protocol"},
    {"dsaauthentication", "pubkeyauthentication"},
    {"fallbacktorsh", "protocol"},
    {"globalknownhostsfile2", "protocol"},
    {"hostbasedkeytypes", "hostbasedacceptedalgorithms"},
    {"identityfile2", "identityfile"},
    {"keepalive", "tcpkeepalive"},
    {"kerberosauthentication", "protocol"},
    {"kerberostgtpassing", "protocol"},
    {"protocolkeepalives", "serveraliveinterval"},
    {"pubkeyacceptedkeytypes", "pubkeyacceptedalgorithms"},
    {"rhostsauthentication", "protocol"},
    {"rhostsrsaauthentication", "protocol"},
    {"rsaauthentication", "protocol"},
    {"setuptimeout", "serveraliveinterval"},
    {"skeyauthentication", "kbdinteractiveauthentication"},
    {"smartcarddevice", "pkcs11provider"},
    {"tisauthentication", "kbdinteractiveauthentication"},
    {"useblacklistedkeys", "protocol"},
    {"useprivilegedport", "protocol"},
    {"userknownhostsfile2", "protocol"},
    {"useroaming", "protocol"},
    {"usersh", "protocol"},
}};

// ssh accepts a plus sign before a number.
std::optional<int> whole_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.starts_with('+')) return std::nullopt;
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

void append(std::vector<std::string>& to, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (std::find(to.begin(), to.end(), name) == to.end()) to.push_back(name);
  }
}

}  // namespace

std::span<const ConfigOption> config_options() { return table; }

const ConfigOption* find_config_option(std::string_view keyword) {
  for (const auto& [other, name] : other_names) {
    if (other == keyword) return find_config_option(name);
  }
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const ConfigOption& option) { return lower(option.name) == keyword; });
  return found == table.end() ? nullptr : &*found;
}

std::string read_choice(const ConfigOption& option, std::string_view value) {
  const std::string word = lower(value);
  const auto words = split(option.words, ' ');
  if (std::find(words.begin(), words.end(), word) == words.end() || word.empty()) {
    throw Error(Kind::invalid, std::string(option.name) + " cannot be \"" + std::string(value) + "\"");
  }
  if (word == "true") return "yes";
  return word == "false" || word == "off" ? "no" : word;
}

int read_time(std::string_view value) {
  if (value == "none") return -1;
  const auto bad = [&] { return Error(Kind::invalid, "\"" + std::string(value) + "\" is no time"); };
  if (value.empty()) throw bad();
  long long total = 0;
  const char* at = value.data();
  const char* const end = at + value.size();
  while (at != end) {
    long long part = 0;
    const auto [next, error] = std::from_chars(at, end, part);
    if (error != std::errc{} || part < 0) throw bad();
    at = next;
    long long factor = 1;
    if (at != end) {
      constexpr std::array<std::pair<char, int>, 5> units{
          {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}}};
      const auto letter = static_cast<char>(*at++ | 0x20);
      const auto unit =
          std::find_if(units.begin(), units.end(), [&](const auto& one) { return one.first == letter; });
      if (unit == units.end()) throw bad();
      factor = unit->second;
    }
    if (part > INT_MAX / factor || total + part * factor > INT_MAX) throw bad();
    total += part * factor;
  }
  return static_cast<int>(total);
}

int read_number(std::string_view value) {
  const auto number = whole_number(value);
  if (!number || *number < 0) {
    throw Error(Kind::invalid, "\"" + std::string(value) + "\" is no number");
  }
  return *number;
}

int read_port(std::string_view value) {
  if (const auto number = whole_number(value)) {
    if (*number > 0 && *number <= 65535) return *number;
  } else {
    servent entry{};
    servent* found = nullptr;
    std::array<char, 4096> buffer{};
    if (::getservbyname_r(std::string(value).c_str(), "tcp", &entry, buffer.data(), buffer.size(), &found) ==
            0 &&
        found != nullptr) {
      return ntohs(static_cast<std::uint16_t>(entry.s_port));
    }
  }
  throw Error(Kind::invalid, "\"" + std::string(value) + "\" is no port");
}

std::vector<std::string> choose_algorithms(std::string_view list, const std::vector<std::string>& standard,
                                           const std::vector<std::string>& all) {
  if (list.empty()) return standard;
  std::vector<std::string> chosen;
  if (list.starts_with('-')) {
    for (const std::string& name : standard) {
      if (!match_exact_list(name, list.substr(1))) chosen.push_back(name);
    }
    return chosen;
  }
  const char first = list.front();
  const bool adds = first == '+' || first == '^';
  if (first == '+') chosen = standard;
  for (const std::string& pattern : split(list.substr(adds ? 1 : 0), ',')) {
    std::vector<std::string> matching;
    for (const std::string& name : all) {
      if (match_exact(name, pattern)) matching.push_back(name);
    }
    append(chosen, matching);
  }
  if (first == '^') append(chosen, standard);
  return chosen;
}

}  // namespace labctl::ssh
