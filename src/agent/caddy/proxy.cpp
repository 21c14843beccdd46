#include "agent/caddy/directives.hpp"
#include "agent/caddy/paths.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <regex>
#include <string>
#include <vector>

// `proxy` of Caddy 1 (caddyserver.com/v1/docs/proxy). Of several for one path, the longest path counts.
namespace labctl::agent {

using contract::Directive;
using contract::Tokens;

namespace {

struct Upstream {
  std::string address;  // "http://host:port"
  std::string path;     // prepended to the path of the request
  bool https = false;
};

// An address that Caddy 2 takes as well; it would reject the whole file because of another one.
bool plain_upstream(const std::string& text) {
  static const std::regex address(
      R"((https?://)?([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]+)?(/[^{}]*)?|(https?://)?:[0-9]+|unix:/.+)");
  return std::regex_match(text, address);
}

Upstream upstream(const std::string& text) {
  Upstream result;
  if (text.starts_with("unix:")) {
    result.address = "unix/" + text.substr(5);
    return result;
  }
  result.https = text.starts_with("https://");
  const auto scheme = text.find("://");
  const auto slash = text.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  result.address = (scheme == std::string::npos ? "http://" : "") + text.substr(0, slash);
  result.address = replace_all(result.address, "://:", "://localhost:");
  if (slash != std::string::npos) result.path = text.substr(slash);
  while (result.path.ends_with('/')) result.path.pop_back();
  return result;
}

}  // namespace

void SiteWriter::strip(const std::string& prefix) {
  const auto path = prefix.ends_with('/') ? prefix.substr(0, prefix.size() - 1) : prefix;
  line({"uri", "path_regexp", "^" + literal(path) + "([^/].*)$", replace_all(path, "$", "$$") + "/$1"});
  line({"uri", "strip_prefix", path});
}

void SiteWriter::proxy(const Directive& directive) {
  if (directive.words.size() < 2) return warn("'proxy' without path left out");
  const std::string from = directive.words[1];
  std::vector<Upstream> upstreams;
  for (std::size_t i = 2; i < directive.words.size(); ++i) {
    const auto& to = directive.words[i];
    if (!plain_upstream(to)) return close_paths({from}, "'proxy' to " + to + " is not understood");
    upstreams.push_back(upstream(to));
  }
  const auto block = directive.block.value_or(std::vector<Tokens>{});
  bool skip_verify = false, own_host = false;
  std::string without;
  std::vector<Tokens> options;
  for (const auto& words : block) {
    const std::string& name = words.front();
    if (name == "upstream" && words.size() == 2) {
      upstreams.push_back(upstream(words[1]));
    } else if (name == "insecure_skip_verify") {
      skip_verify = true;
    } else if (name == "without" && words.size() == 2) {
      without = words[1];
    } else if (name == "transparent") {
      options.push_back({"header_up", "X-Real-IP", "{remote}"});
      own_host = true;
    } else if (name == "header_upstream" && words.size() >= 2) {
      // Caddy 2 sets these three headers by default, and warns if they are configured.
      const bool own = words.size() == 3 && ((words[1] == "Host" && words[2] == "{host}") ||
                                             (words[1] == "X-Forwarded-Proto" && words[2] == "{scheme}") ||
                                             (words[1] == "X-Forwarded-For" && words[2] == "{remote}"));
      own_host = own_host || lower(words[1]) == "host";
      if (own) continue;
      Tokens option{"header_up"};
      option.insert(option.end(), words.begin() + 1, words.end());
      options.push_back(option);
    } else if (name == "header_downstream" && words.size() >= 2) {
      Tokens option{"header_down"};
      option.insert(option.end(), words.begin() + 1, words.end());
      options.push_back(option);
    } else if (name != "websocket") {  // the default in Caddy 2
      warn("'" + name + "' of 'proxy' left out");
    }
  }
  if (upstreams.empty()) return close_paths({from}, "'proxy' without upstream");
  const bool https = upstreams.front().https;
  const auto other = [&](const Upstream& target) { return target.https != https; };
  if (std::any_of(upstreams.begin(), upstreams.end(), other)) {
    warn("'proxy' to both http and https: only the first kind is kept");
    std::erase_if(upstreams, other);
  }
  // Caddy 1 sends the name of the upstream, if not told otherwise.
  if (!own_host) options.push_back({"header_up", "Host", "{upstream_hostport}"});
  const std::string path = upstreams.front().path;
  // "route" keeps the order of its lines. A whole site is then a "handle" too, after those for paths.
  const bool changed = !path.empty() || !without.empty();
  if (changed && whole_site(from)) open({"handle"});
  open_path(from);
  if (changed) open({"route"});
  if (!without.empty()) strip(without);
  if (!path.empty()) line({"rewrite", "*", path + "{uri}"});
  Tokens words{"reverse_proxy"};
  for (const auto& target : upstreams) words.push_back(target.address);
  if (options.empty() && !(https && skip_verify)) {
    line(words);
  } else {
    open(words);
    for (const auto& option : options) line(option);
    if (https && skip_verify) {
      open({"transport", "http"});
      line({"tls_insecure_skip_verify"});
      close();
    }
    close();
  }
  if (changed) close();
  close_path(from);
  if (changed && whole_site(from)) close();
}

}  // namespace labctl::agent
