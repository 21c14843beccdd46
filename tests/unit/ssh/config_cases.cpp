#include "config_cases.hpp"

#include "base/paths.hpp"
#include "base/text.hpp"

#include <random>
#include <stdexcept>

namespace labctl::test {
namespace {

// std::uniform_int_distribution may differ between libraries; this class gives the same numbers everywhere.
class Dice {
public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t count) { return engine_() % count; }
  bool once_in(std::size_t count) { return below(count) == 0; }
  const std::string& of(const std::vector<std::string>& words) { return words[below(words.size())]; }

private:
  std::mt19937 engine_;
};

std::string block_head(Dice& dice) {
  static const std::vector<std::string> heads{"Host core1",
                                              "Host core2 gate",
                                              "Host core*",
                                              "Host * !gate",
                                              "Host *",
                                              "Host=core?",
                                              "Host \"gate\"",
                                              "Match all",
                                              "Match host core1",
                                              "Match host *.lab,gate",
                                              "Match originalhost core1,core2",
                                              "Match !originalhost gate",
                                              "Match user core",
                                              "Match user root,admin host core*",
                                              "Match localuser root",
                                              "Match final all",
                                              "Match final host *.lab",
                                              "Match !final host core2",
                                              "Match canonical all",
                                              "Match host=core2"};
  return dice.of(heads);
}

std::string option_line(Dice& dice) {
  static const std::vector<std::string> keywords{"HostName",
                                                 "User",
                                                 "Port",
                                                 "IdentityFile",
                                                 "IdentitiesOnly",
                                                 "IdentityAgent",
                                                 "HostKeyAlias",
                                                 "ConnectTimeout",
                                                 "ConnectionAttempts",
                                                 "AddressFamily",
                                                 "BindAddress",
                                                 "ServerAliveInterval",
                                                 "ProxyJump",
                                                 "ProxyCommand",
                                                 "UserKnownHostsFile",
                                                 "CertificateFile",
                                                 "GlobalKnownHostsFile",
                                                 "HostKeyAlgorithms",
                                                 "PubkeyAcceptedAlgorithms",
                                                 "StrictHostKeyChecking",
                                                 "CheckHostIP"};
  static const std::map<std::string, std::vector<std::string>> values{
      {"HostName", {"10.20.0.11", "%h.lab", "Node.LAB", "::0001", "gate"}},
      {"User", {"core", "admin", "\"a b\"", "'core'", "co\\\"re"}},
      {"Port", {"22", "2222", "ssh", "65535"}},
      {"IdentityFile",
       {"~/.ssh/k", "~/.ssh/%h", "~/.ssh/%r@%n", "${KEYS}/%p", "none", "/k%%%k", "%d/x", "\"~/my key\"",
        "~/.ssh/%C", "~root/%L-%i-%u"}},
      {"IdentitiesOnly", {"yes", "no", "TRUE", "false"}},
      {"IdentityAgent", {"none", "SSH_AUTH_SOCK", "$KEYS_SOCK", "~/agent", "${KEYS}/%r.sock"}},
      {"HostKeyAlias", {"Lab", "core.alias", "%h"}},
      {"ConnectTimeout", {"0", "5", "1m30s", "none"}},
      {"ConnectionAttempts", {"1", "4"}},
      {"AddressFamily", {"any", "inet", "inet6"}},
      {"BindAddress", {"10.0.0.1", "::1"}},
      {"ServerAliveInterval", {"0", "30", "2m", "none"}},
      {"ProxyJump", {"bastion", "me@gate:2222", "x,y:22", "[fd00::1]:22", "ssh://me@gate:22"}},
      {"ProxyCommand", {"nc %h %p", "none", "sh -c 'nc %h %p' # way"}},
      {"UserKnownHostsFile", {"~/.ssh/kh", "~/.ssh/a ${KEYS}/b", "none", "~/kh.d/%k"}},
      {"CertificateFile", {"~/.ssh/%r-cert.pub", "/c"}},
      {"GlobalKnownHostsFile", {"/etc/kh", "/a \"/b c\"", "none", "~/kh"}},
      {"HostKeyAlgorithms", {"ssh-ed25519", "+ssh-rsa", "-ecdsa*", "^rsa-sha2-*"}},
      {"PubkeyAcceptedAlgorithms", {"ssh-ed25519,rsa-sha2-512", "-ssh-*", "+ssh-rsa"}},
      {"StrictHostKeyChecking", {"yes", "no", "ask", "accept-new", "off"}},
      {"CheckHostIP", {"yes", "no"}}};
  static const std::vector<std::string> between{" ", "=", " = ", "\t", "= ", "  "};
  static const std::vector<std::string> behind{"", "", "", " ", " # comment", "\t#x", "\r"};
  std::string keyword = dice.of(keywords);
  const std::string& value = dice.of(values.at(keyword));
  // ssh takes a comment after a ProxyJump or ProxyCommand as part of the value.
  const bool whole_line = keyword == "ProxyJump" || keyword == "ProxyCommand";
  if (dice.once_in(4)) keyword = lower(keyword);
  return keyword + dice.of(between) + value + (whole_line ? "" : dice.of(behind));
}

std::string file_text(Dice& dice, bool includes) {
  std::string text;
  for (std::size_t blocks = dice.below(5); blocks > 0; --blocks) {
    if (!dice.once_in(4)) text += block_head(dice) + "\n";
    for (std::size_t options = dice.below(5); options > 0; --options) text += "  " + option_line(dice) + "\n";
    if (includes && dice.once_in(3))
      text += "  Include " + dice.of({"a.conf", "b.conf a.conf", "?.conf", "z*"}) + "\n";
    if (dice.once_in(8)) text += "\n# a comment\n";
  }
  // Sometimes a line at which ssh stops. It comes last, so that the lines before it are read.
  if (dice.once_in(24))
    text += dice.of({"Port x", "Nonsense 1", "User \"core", "Match nothing", "IdentitiesOnly"}) + "\n";
  return text;
}

}  // namespace

std::vector<ConfigCase> read_config_cases(const std::filesystem::path& corpus) {
  std::vector<ConfigCase> cases;
  std::string* file = nullptr;
  for (const std::string& line : split(read_file(corpus), '\n')) {
    const auto after = [&](std::string_view word) { return line.substr(word.size()); };
    if (line.starts_with("@ ")) continue;
    if (line.starts_with("@case ")) {
      cases.push_back({.name = after("@case "), .hosts = {"core1"}, .files = {}, .differs = {}});
      file = &cases.back().files["home/.ssh/config"];
    } else if (line.starts_with("@hosts ")) {
      cases.back().hosts = split(after("@hosts "), ' ');
    } else if (line.starts_with("@differs ")) {
      cases.back().differs = after("@differs ");
    } else if (line.starts_with("@may-differ ")) {
      cases.back().differs = after("@may-differ ");
      cases.back().may_differ = true;
    } else if (line.starts_with("@file ")) {
      const std::string name = after("@file ");
      file = &cases.back().files[name.starts_with("etc/") ? name : "home/" + name];
    } else if (file != nullptr) {
      *file += line + "\n";
    } else if (!line.empty()) {
      throw std::runtime_error("the corpus begins with no case: " + line);
    }
  }
  return cases;
}

std::vector<ConfigCase> generate_config_cases(unsigned seed, std::size_t count) {
  Dice dice(seed);
  std::vector<ConfigCase> cases;
  for (std::size_t i = 0; i < count; ++i) {
    ConfigCase one{
        .name = "generated " + std::to_string(i), .hosts = {"core1", "gate"}, .files = {}, .differs = {}};
    one.files["home/.ssh/config"] = file_text(dice, true);
    one.files["home/.ssh/a.conf"] = file_text(dice, false);
    one.files["home/.ssh/b.conf"] = file_text(dice, false);
    if (dice.once_in(2)) one.files["etc/ssh_config"] = file_text(dice, false);
    cases.push_back(std::move(one));
  }
  return cases;
}

}  // namespace labctl::test
