#include "ssh/config.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "ssh/config_options.hpp"
#include "ssh/config_reader.hpp"

#include <netdb.h>

#include <algorithm>
#include <array>

namespace labctl::ssh {
namespace {

namespace fs = std::filesystem;

// An address in canonical form ("::0001" becomes "::1"); nullopt for a name or an address of another family.
std::optional<std::string> usual_address(const std::string& text, int family = AF_UNSPEC) {
  addrinfo hints{};
  hints.ai_family = family;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(text.c_str(), nullptr, &hints, &found) != 0) return std::nullopt;
  std::array<char, NI_MAXHOST> name{};
  const int error =
      ::getnameinfo(found->ai_addr, found->ai_addrlen, name.data(), name.size(), nullptr, 0, NI_NUMERICHOST);
  ::freeaddrinfo(found);
  return error == 0 ? std::optional<std::string>(name.data()) : std::nullopt;
}

// Adds the place of the option to an error in the option's value.
template <typename Work>
auto at(const ConfigValue& value, Work work) {
  try {
    return work();
  } catch (const Error& error) {
    if (!error.where().empty()) throw;
    throw Error(error.kind(), error.what(), value.place, error.hint());
  }
}

class Resolver {
public:
  Resolver(const ConfigQuery& query, const ConfigSurroundings& surroundings)
      : query_(query), surroundings_(surroundings), reader_(query, surroundings) {}

  HostConfig resolve() {
    reader_.read_all(query_.host, false);
    std::string host = query_.host;
    if (const ConfigValue* name = value("hostname"))
      host = at(*name, [&] { return expand_tokens(name->values.front(), {{'h', query_.host}}); });
    const std::string family = reader_.first("addressfamily");
    if (usual_address(host)) {
      // An address of another family than the chosen one is not changed.
      config_.host_name = usual_address(host, family == "inet"    ? AF_INET
                                              : family == "inet6" ? AF_INET6
                                                                  : AF_UNSPEC)
                              .value_or(host);
    } else {
      config_.host_name = lower(host);
    }
    const std::string canonical = reader_.first("canonicalizehostname");
    if (reader_.wants_final_pass() || canonical == "yes" || canonical == "always")
      reader_.read_all(config_.host_name, true);
    take_words();
    set_tokens();
    take_paths();
    take_proxies();
    judge();
    config_.options = reader_.options();
    return std::move(config_);
  }

private:
  const ConfigValue* value(const std::string& keyword) const {
    const auto found = reader_.options().find(keyword);
    return found == reader_.options().end() ? nullptr : &found->second;
  }

  std::optional<std::string> word(const std::string& keyword) const {
    const ConfigValue* found = value(keyword);
    return found == nullptr ? std::nullopt : std::optional(found->values.front());
  }

  std::optional<int> number(const std::string& keyword) const {
    const auto found = word(keyword);
    return found ? std::optional(read_number(*found)) : std::nullopt;
  }

  // nullopt also for "none".
  std::optional<int> seconds(const std::string& keyword) const {
    const auto found = word(keyword);
    const int time = found ? read_time(*found) : -1;
    return time < 0 ? std::nullopt : std::optional(time);
  }

  void take_words() {
    config_.user = word("user");
    if (const auto port = number("port")) config_.port = static_cast<std::uint16_t>(*port);
    if (const auto only = word("identitiesonly")) config_.identities_only = *only == "yes";
    config_.batch_mode = word("batchmode") == "yes";
    if (const auto alias = word("hostkeyalias")) config_.host_key_alias = lower(*alias);
    config_.address_family = word("addressfamily").value_or("");
    config_.bind_address = word("bindaddress").value_or("");
    config_.bind_interface = word("bindinterface").value_or("");
    config_.connect_timeout = seconds("connecttimeout");
    if (config_.connect_timeout == 0) config_.connect_timeout.reset();
    config_.connection_attempts = number("connectionattempts");
    config_.alive_interval = seconds("serveraliveinterval");
    config_.alive_count = number("serveralivecountmax");
    config_.algorithms = {.ciphers = word("ciphers").value_or(""),
                          .key_exchanges = word("kexalgorithms").value_or(""),
                          .macs = word("macs").value_or(""),
                          .host_keys = word("hostkeyalgorithms").value_or(""),
                          .authority_signatures = word("casignaturealgorithms").value_or("")};
    if (reader_.first("connectionattempts") == "0")
      throw Error(Kind::invalid, "ConnectionAttempts cannot be 0", value("connectionattempts")->place);
  }

  void set_tokens() {
    const std::string user = config_.user.value_or(surroundings_.user);
    const std::string port = std::to_string(config_.port.value_or(22));
    const std::string& name = surroundings_.host_name;
    tokens_ = {{'C', connection_hash(name, config_.host_name, port, user, "")},
               {'L', name.substr(0, name.find('.'))},
               {'d', surroundings_.home.string()},
               {'h', config_.host_name},
               {'i', std::to_string(surroundings_.uid)},
               {'j', ""},
               {'k', config_.host_key_alias.value_or(query_.host)},
               {'l', name},
               {'n', query_.host},
               {'p', port},
               {'r', user},
               {'u', surroundings_.user}};
  }

  std::string expand(const ConfigValue& from, const std::string& text) const {
    return at(from, [&] {
      return expand_tokens_and_environment(expand_tilde(text, surroundings_).string(), tokens_,
                                           surroundings_.environment);
    });
  }

  std::vector<fs::path> paths(const ConfigValue& from, bool expanded = true) const {
    std::vector<fs::path> result;
    for (const std::string& text : from.values) {
      if (lower(text) != "none") result.emplace_back(expanded ? expand(from, text) : text);
    }
    return result;
  }

  void take_paths() {
    if (const ConfigValue* files = value("identityfile")) {
      config_.identities = paths(*files);
      config_.identities_said = true;
    }
    if (const ConfigValue* files = value("certificatefile")) config_.certificates = paths(*files);
    if (const ConfigValue* files = value("userknownhostsfile")) config_.user_known_hosts = paths(*files);
    // ssh does not expand the names of the global files.
    if (const ConfigValue* files = value("globalknownhostsfile"))
      config_.global_known_hosts = paths(*files, false);
    if (const ConfigValue* agent = value("identityagent"))
      config_.agent = expand(*agent, agent->values.front());
  }

  void take_proxies() {
    if (const ConfigValue* jump = value("proxyjump")) {
      config_.jumps = at(*jump, [&] { return read_jump_hosts(expand_proxy(jump->values.front())); });
      check_loop(*jump);
    }
    if (const ConfigValue* command = value("proxycommand");
        command && lower(command->values.front()) != "none") {
      config_.proxy_command = at(*command, [&] { return expand_proxy(command->values.front()); });
      for (const std::string& name : {query_.host, config_.host_name, tokens_.at('r')}) {
        if (!says_something_to_a_shell(name)) continue;
        config_.findings.push_back({"ProxyCommand", command->values.front(), command->place,
                                    "labctl does not give the name \"" + name + "\" to a shell", true});
      }
    }
  }

  // As in OpenSSH since 9.6: whether a shell or a program could interpret the text as more than a name.
  static bool says_something_to_a_shell(const std::string& name) {
    return name.starts_with('-') || name.find_first_of("'`\"$\\;&<>|(){}*?!# \t\r\n") != std::string::npos;
  }

  std::string expand_proxy(const std::string& text) const {
    return expand_tokens(
        text, {{'h', config_.host_name}, {'n', query_.host}, {'p', tokens_.at('p')}, {'r', tokens_.at('r')}});
  }

  // As in ssh: the last jump host must not be this host.
  void check_loop(const ConfigValue& value) const {
    if (config_.jumps.empty()) return;
    const JumpHost& last = config_.jumps.back();
    if (last.host == config_.host_name && last.port.value_or(22) == config_.port.value_or(22) &&
        (!last.user || last.user == config_.user)) {
      throw Error(Kind::invalid, "the way to " + last.host + " leads through itself", value.place);
    }
  }

  void judge() {
    for (const ConfigOption& option : config_options()) {
      if (option.use != OptionUse::told && option.use != OptionUse::refused) continue;
      const ConfigValue* found = value(lower(option.name));
      if (found == nullptr) continue;
      const std::string text = join(found->values, " ");
      const auto usual = split(option.usual, ' ');
      if (!option.usual.empty() && std::find(usual.begin(), usual.end(), lower(text)) != usual.end())
        continue;
      if (option.name == "PreferredAuthentications" && match_publickey(text)) continue;
      // "+" adds algorithms and "^" moves algorithms to the front. Neither makes labctl use an algorithm that
      // the user has excluded.
      const bool adds = option.name == "PubkeyAcceptedAlgorithms" && text.find_first_of("+^") == 0;
      config_.findings.push_back({std::string(option.name), text, found->place, std::string(option.why),
                                  option.use == OptionUse::refused && !adds});
    }
    for (const ConfigFinding& finding : reader_.undecided()) config_.findings.push_back(finding);
  }

  static bool match_publickey(const std::string& list) {
    const auto names = split(list, ',');
    return std::find(names.begin(), names.end(), "publickey") != names.end();
  }

  const ConfigQuery& query_;
  const ConfigSurroundings& surroundings_;
  ConfigReader reader_;
  HostConfig config_;
  Tokens tokens_;
};

}  // namespace

std::string ConfigFinding::line() const {
  return option + (value.empty() ? "" : " " + value) + " (" + place + "): " + why;
}

HostConfig resolve_config(const ConfigQuery& query, const ConfigSurroundings& surroundings) {
  return Resolver(query, surroundings).resolve();
}

}  // namespace labctl::ssh
