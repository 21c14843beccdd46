#include "observe/claims.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cluster/budgets.hpp"
#include "http/stop.hpp"
#include "observe/node_look.hpp"
#include "observe/proxy_files.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <optional>

namespace labctl::observe {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using Texts = std::vector<std::string>;

// consul-template gives no event when it has written a file.
constexpr auto pause_between_looks = 150ms;

bool is_in(const Texts& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// The words of a text that can be host names, in lower case: "http://A.lab:80 {" has http, a.lab:80.
Texts host_words(std::string_view text) {
  Texts words(1);
  for (const char letter : text) {
    const auto c = static_cast<unsigned char>(letter);
    if (std::isalnum(c) || letter == '.' || letter == '-' || letter == '_' || letter == ':') {
      words.back() += static_cast<char>(std::tolower(c));
    } else {
      words.emplace_back();
    }
  }
  return words;
}

// Whether a rule, URL or address in this text matches requests for the domain. It does if it contains the
// domain, alone or with one of the usual ports, or a suffix of the domain that begins with a dot.
bool takes_domain(std::string_view text, const std::string& domain) {
  const auto words = host_words(text);
  return std::any_of(words.begin(), words.end(), [&](std::string word) {
    for (const std::string_view usual : {":80", ":443"}) {
      if (word.ends_with(usual)) word.resize(word.size() - usual.size());
    }
    return word == domain || (word.size() > 1 && word.front() == '.' && domain.ends_with(word));
  });
}

// `bind` is a text such as "*:2244", "10.0.0.1:2000-2300 ssl" or "ipv4@:80,ipv6@:80".
bool binds_port(std::string_view bind, std::uint16_t port) {
  if (port == 0) return false;
  const auto words = split(trim(std::string(bind)), ' ');
  if (words.empty()) return false;
  for (const auto& address : split(words.front(), ',')) {
    const auto colon = address.rfind(':');
    if (colon == std::string::npos) continue;
    const auto* at = address.data() + colon + 1;
    const auto* end = address.data() + address.size();
    int first = 0;
    const auto read = std::from_chars(at, end, first);
    if (read.ec != std::errc{}) continue;
    int last = first;
    if (read.ptr != end && *read.ptr == '-') std::from_chars(read.ptr + 1, end, last);
    if (first <= port && port <= last) return true;
  }
  return false;
}

const json& member_or_null(const json& object, const char* key) {
  static const json none;
  if (!object.is_object()) return none;
  const auto found = object.find(key);
  return found == object.end() ? none : *found;
}

std::string text_of(const json& value) { return value.is_string() ? value.get<std::string>() : ""; }

// The claims of one KV entry.
class Entry {
public:
  Entry(const Needs& needs, const consul::KeyValue& entry) : needs_(needs), key_(entry.key) {
    const auto value = json::parse(entry.value, nullptr, false);
    for (const auto& domain : member_or_null(value, "domains")) {
      if (takes_domain(text_of(domain), needs_.domain)) say("domain " + text_of(domain));
    }
    const auto urls = text_of(member_or_null(value, "urls"));
    if (claims_.empty() && takes_domain(urls, needs_.domain)) say("urls " + urls);
    const auto& haproxy = member_or_null(value, "haproxy");
    if (!haproxy.is_object()) return;
    for (const auto& [name, config] : haproxy.items()) configuration(name, config);
  }

  Texts claims() && { return std::move(claims_); }

private:
  void say(const std::string& what) { claims_.push_back(fmt::format("{} claims {}", key_, what)); }

  // Names of swarm entries do not count: they get a prefix of their own in the rendered files.
  void name(const char* sort, const std::string& text) {
    if (key_.starts_with("app/") && is_in(needs_.names, text)) say(fmt::format("the {} name {}", sort, text));
  }

  void configuration(const std::string& name_of_it, const json& config) {
    name("HAPROXY", name_of_it);
    for (const auto& bind : member_or_null(member_or_null(config, "frontend"), "bind")) {
      if (binds_port(text_of(bind), needs_.port)) say("bind " + text_of(bind));
    }
    const bool http = name_of_it == "http-in" || name_of_it == "https-in";
    for (const auto& backend : member_or_null(config, "backends")) {
      name("backend", text_of(member_or_null(backend, "name")));
      const auto rule = text_of(member_or_null(backend, "use_backend_option"));
      if (http && takes_domain(rule, needs_.domain)) say(fmt::format("{} {}", name_of_it, rule));
    }
  }

  const Needs& needs_;
  const std::string& key_;
  Texts claims_;
};

// From a proxy's own container; "" if there is none: a missing proxy claims nothing. For clusters that render
// elsewhere than the contract says; the engine packs an archive for it, which costs much more.
std::string text_in_proxy(cluster::Cluster& cluster, const std::string& node, const std::string& container,
                          const std::string& path) {
  try {
    return cluster.docker(node).read_file(container, path, cluster.within(cluster::call_budget)).value_or("");
  } catch (const Error& e) {
    if (e.kind() != Kind::not_found) throw;
    return "";
  }
}

Texts proxy_claims(cluster::Cluster& cluster, const Needs& needs, const std::string& node) {
  const auto rendered = node_files(cluster, node, {haproxy_file.rendered, caddy_file.rendered});
  Texts all;
  const auto look = [&](const std::optional<std::string>& text, const std::string& container,
                        const std::string& path, auto claims_in) {
    for (const auto& claim : claims_in(needs, text ? *text : text_in_proxy(cluster, node, container, path)))
      all.push_back(fmt::format("{} of {}: {}", path, node, claim));
  };
  const auto& conventions = cluster.conventions();
  look(rendered.at(0), conventions.haproxy_container, haproxy_file.path, claims_in_haproxy);
  look(rendered.at(1), conventions.caddy_container, caddy_file.path, claims_in_caddyfile);
  return all;
}

}  // namespace

Texts claims_in_kv(const Needs& needs, const std::vector<consul::KeyValue>& entries) {
  Texts all;
  for (const auto& entry : entries) {
    if (entry.key == contract::app_key(needs.app)) continue;
    for (auto& claim : Entry(needs, entry).claims()) all.push_back(std::move(claim));
  }
  return all;
}

Texts claims_in_haproxy(const Needs& needs, std::string_view config) {
  std::map<std::string, std::string> servers;  // backend -> its first server line
  std::string section, section_name;
  Texts found;
  std::vector<std::optional<std::string>> leads_to;
  for (const auto& raw : lines(config)) {
    const auto line = trim(raw);
    auto words = split(line, ' ');
    std::erase(words, "");
    if (words.empty()) continue;
    const auto& word = words.front();
    const auto second = words.size() > 1 ? words[1] : "";
    bool claim = false;
    if (word == "frontend" || word == "backend" || word == "listen") {
      section = word;
      section_name = second;
      claim = std::any_of(needs.names.begin(), needs.names.end(), [&](const auto& name) {
        return second == (word == "backend" ? "backend-" : "front-") + name;
      });
    } else if (word == "server" && !servers.contains(section_name)) {
      servers[section_name] = line;
    } else if (word == "bind") {
      claim = binds_port(second, needs.port);
    } else if (word == "use_backend" || word == "acl") {
      claim = takes_domain(line.substr(word.size()), needs.domain);
    }
    if (!claim) continue;
    found.push_back(line);
    const bool rule = word == "use_backend";
    leads_to.push_back(rule || section == "backend" ? std::optional(second) : std::nullopt);
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto server = leads_to[i] ? servers.find(*leads_to[i]) : servers.end();
    if (server != servers.end()) found[i] += " → " + server->second;
  }
  return found;
}

Texts claims_in_caddyfile(const Needs& needs, std::string_view config) {
  Texts found;
  int depth = 0;
  bool claimed = false;
  for (const auto& raw : lines(config)) {
    const auto line = trim(raw);
    if (line.empty() || line.front() == '#') continue;
    if (depth == 0) {
      claimed = takes_domain(line, needs.domain);
      if (claimed) found.push_back(line);
    } else if (claimed && line.starts_with("proxy ")) {
      found.back() += " " + line;
    }
    if (line.ends_with("{")) ++depth;
    if (line == "}") depth = std::max(0, depth - 1);
  }
  return found;
}

Texts foreign_claims(cluster::Cluster& cluster, const Needs& needs, std::chrono::milliseconds budget) {
  std::vector<consul::KeyValue> own, others;
  for (const std::string tree : {"app/", "swarm/"}) {
    auto entries = cluster.ask_consul(
        [&](consul::Client& consul, Deadline deadline) { return consul.list(tree, deadline); });
    for (auto& entry : entries) {
      const auto& mine = cluster.own_apps();
      const bool is_own = std::any_of(mine.begin(), mine.end(), [&](const contract::AppName& app) {
        return contract::app_key(app.app) == entry.key;
      });
      (is_own ? own : others).push_back(std::move(entry));
    }
  }
  auto claims = claims_in_kv(needs, others);
  if (!claims.empty() || !claims_in_kv(needs, own).empty()) return claims;
  const auto deadline = cluster.within(budget);
  while (true) {
    claims.clear();
    const auto on_nodes = cluster.on_nodes(
        cluster.nodes(), [&](const std::string& node) { return proxy_claims(cluster, needs, node); });
    for (const auto& [node, some] : on_nodes) claims.insert(claims.end(), some.begin(), some.end());
    if (claims.empty() || deadline.passed()) return claims;
    http::StopScope::pause(pause_between_looks);
  }
}

}  // namespace labctl::observe
