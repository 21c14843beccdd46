#include "agent/caddy/directives.hpp"

#include "agent/caddy/paths.hpp"
#include "agent/caddy/token.hpp"
#include "base/text.hpp"

#include <crypt.h>

#include <algorithm>
#include <array>
#include <map>
#include <regex>
#include <set>
#include <utility>

namespace labctl::agent {

using contract::Directive;
using contract::Tokens;

struct DirectiveTable {
  static const std::map<std::string, SiteWriter::Handler>& get() {
    static const std::map<std::string, SiteWriter::Handler> table{
        {"proxy", &SiteWriter::proxy},
        {"gzip", &SiteWriter::gzip},
        {"log", &SiteWriter::log},
        {"root", &SiteWriter::root},
        {"browse", &SiteWriter::browse},
        {"errors", &SiteWriter::errors},
        {"rewrite", &SiteWriter::rewrite},
        {"status", &SiteWriter::status},
        {"redir", &SiteWriter::redir},
        {"tls", &SiteWriter::tls},
        {"bind", &SiteWriter::bind},
        {"header", &SiteWriter::header},
        {"basicauth", &SiteWriter::basicauth},
        {"ext", &SiteWriter::ext},
        {"internal", &SiteWriter::internal},
        {"fastcgi", &SiteWriter::fastcgi},
        {"limits", &SiteWriter::limits},
        {"templates", &SiteWriter::templates},
        {"timeouts", &SiteWriter::nothing},  // global in Caddy 2, with 300 s as default idle timeout
    };
    return table;
  }
};

namespace {

// Directives of Caddy 1 and its plugins that only add something to a site: without them it is as closed as
// with them.
bool guards_nothing(const std::string& name) {
  static const std::set<std::string> names{
      "cache", "cors",  "expires",    "expvar", "git",      "index",      "mime",    "minify",   "markdown",
      "on",    "pprof", "prometheus", "push",   "shutdown", "request_id", "startup", "websocket"};
  return names.contains(name);
}

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

SiteWriter::SiteWriter(std::string where, int indent, std::vector<std::string>& warnings)
    : where_(std::move(where)), indent_(indent), warnings_(warnings) {}

void SiteWriter::line(const Tokens& words, const char* tail) {
  std::vector<std::string> tokens;
  for (const auto& word : words) tokens.push_back(caddy_token(word));
  lines_ += std::string(static_cast<std::size_t>(indent_), '\t') + join(tokens, " ") + tail + "\n";
}
void SiteWriter::open(const Tokens& words) {
  line(words, " {");
  ++indent_;
}
void SiteWriter::close() {
  --indent_;
  lines_ += std::string(static_cast<std::size_t>(indent_), '\t') + "}\n";
}
void SiteWriter::warn(const std::string& what) { warnings_.push_back(where_ + ": " + what); }

std::string SiteWriter::matcher_name() {
  // Names must be unique in a server block, and sites with different paths can share one. So the name
  // contains the site's address and path, in hex.
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string name = "m" + std::to_string(matchers_++) + "_";
  for (unsigned char c : where_) {
    name += digits[c >> 4];
    name += digits[c & 15];
  }
  return name;
}

void SiteWriter::directive(const Directive& directive) {
  if (contract::stray_brace(directive))
    return close_paths({}, "'" + directive.words.front() + "' has a brace within a line");
  const auto& table = DirectiveTable::get();
  const auto found = table.find(directive.words.front());
  if (found == table.end()) {
    if (!guards_nothing(directive.words.front())) return plugin(directive);
    return warn("directive '" + directive.words.front() + "' left out");
  }
  (this->*found->second)(directive);
}

void SiteWriter::close_paths(Tokens paths, const std::string& why) {
  const bool all = paths.empty() || std::any_of(paths.begin(), paths.end(), whole_site);
  if (all) paths = {"/"};
  warn(why + " and may guard the site: " + (all ? "the site is closed" : join(paths, ", ") + " is closed") +
       " (403)");
  for (const auto& path : paths) answer("error", path, "403");
}

void SiteWriter::answer(const std::string& verb, const std::string& path, const std::string& code) {
  line(whole_site(path) ? Tokens{verb, code} : Tokens{verb, prefix(path), code});
}

// Plugins that people guard with: ipfilter (base paths as arguments), jwt (`path` in the block, or one
// argument).
void SiteWriter::plugin(const Directive& directive) {
  const std::string& name = directive.words.front();
  Tokens paths;
  if (name == "ipfilter" || name == "jwt") paths.assign(directive.words.begin() + 1, directive.words.end());
  for (const auto& words : directive.block.value_or(std::vector<Tokens>{})) {
    if (name == "jwt" && words.front() == "path" && words.size() == 2) paths.push_back(words[1]);
  }
  close_paths(paths, "'" + name + "' is not known");
}

void SiteWriter::proxy(const Directive& directive) {
  if (directive.words.size() < 3) return warn("'proxy' without upstream left out");
  const std::string from = directive.words[1];
  std::vector<Upstream> upstreams;
  for (std::size_t i = 2; i < directive.words.size(); ++i) {
    const auto& to = directive.words[i];
    if (!plain_upstream(to)) return close_paths({from}, "'proxy' to " + to + " is not understood");
    upstreams.push_back(upstream(to));
  }
  const auto block = directive.block.value_or(std::vector<Tokens>{});
  bool skip_verify = false;
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
    } else if (name == "header_upstream" && words.size() >= 2) {
      // Caddy 2 sets these three headers by default, and warns if they are configured.
      const bool own = words.size() == 3 && ((words[1] == "Host" && words[2] == "{host}") ||
                                             (words[1] == "X-Forwarded-Proto" && words[2] == "{scheme}") ||
                                             (words[1] == "X-Forwarded-For" && words[2] == "{remote}"));
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
  const bool https = upstreams.front().https;
  const auto other = [&](const Upstream& target) { return target.https != https; };
  if (std::any_of(upstreams.begin(), upstreams.end(), other)) {
    warn("'proxy' to both http and https: only the first kind is kept");
    std::erase_if(upstreams, other);
  }
  const std::string path = upstreams.front().path;
  const bool handled = !path.empty() || !without.empty();
  if (handled) open(whole_site(from) ? Tokens{"handle"} : Tokens{"handle", prefix(from)});
  if (!without.empty()) line({"uri", "strip_prefix", without});
  if (!path.empty()) line({"rewrite", "*", path + "{uri}"});
  Tokens words{"reverse_proxy"};
  if (!handled && !whole_site(from)) words.push_back(prefix(from));
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
  if (handled) close();
}

void SiteWriter::gzip(const Directive&) { line({"encode", "gzip"}); }

// Caddy 2 has its own log format. Only the destination is translated: always stdout.
void SiteWriter::log(const Directive&) { server_line("\tlog {\n\t\toutput stdout\n\t}\n"); }

void SiteWriter::root(const Directive& directive) {
  if (directive.words.size() != 2) return warn("'root' without folder left out");
  line({"root", "*", directive.words[1]});
  line({"file_server"});  // Caddy 1 does that by default
}

void SiteWriter::browse(const Directive& directive) {
  const bool path = directive.words.size() > 1 && !whole_site(directive.words[1]);
  line(path ? Tokens{"file_server", prefix(directive.words[1]), "browse"} : Tokens{"file_server", "browse"});
}

void SiteWriter::errors(const Directive& directive) {
  if (!directive.block) return;  // without a block it only sets the error log
  std::string text = "\thandle_errors {\n";
  int count = 0;
  for (const auto& words : *directive.block) {
    if (words.size() != 2) {
      warn("'" + words[0] + "' of 'errors' left out");
      continue;
    }
    const std::string name = "@error" + std::to_string(count++);
    const bool any = words[0] == "*";
    const bool code = words[0].size() == 3 && std::all_of(words[0].begin(), words[0].end(), ::isdigit);
    if (!any && !code) {
      warn("'" + words[0] + "' of 'errors' left out");
      continue;
    }
    if (code) text += "\t\t" + name + " expression {http.error.status_code} == " + words[0] + "\n";
    text += "\t\trewrite " + std::string(any ? "*" : name) + " " + caddy_token("/" + words[1]) + "\n";
  }
  server_line(text + "\t\tfile_server\n\t}\n");
}

void SiteWriter::status(const Directive& directive) {
  if (directive.words.size() < 2) return warn("'status' without code left out");
  if (directive.words.size() == 2 && !directive.block) return warn("'status' without path left out");
  Tokens paths(directive.words.begin() + 2, directive.words.end());
  for (const auto& words : directive.block.value_or(std::vector<Tokens>{})) {
    paths.insert(paths.end(), words.begin(), words.end());
  }
  const std::string verb = directive.words[1] < "400" ? "respond" : "error";
  for (const auto& path : paths) answer(verb, path, directive.words[1]);
}

void SiteWriter::redir(const Directive& directive) {
  auto one = [&](Tokens words, const std::string& otherwise) {
    std::string code = otherwise;
    if (words.size() > 1 && words.back().size() == 3 && words.back().front() == '3') {
      code = words.back();
      words.pop_back();
    }
    if (words.size() == 1) {
      line({"redir", "*", words[0], code});
    } else if (words.size() == 2) {
      line({"redir", whole_site(words[0]) ? "*" : words[0], words[1], code});
    } else {
      warn("a 'redir' that is not understood left out");
    }
  };
  const Tokens arguments(directive.words.begin() + 1, directive.words.end());
  if (!directive.block) return one(arguments, "301");
  for (const auto& words : *directive.block) {
    if (words[0] != "if" && words[0] != "if_op") continue;
    return close_paths({}, "'redir' with conditions is not understood");
  }
  for (const auto& words : *directive.block) one(words, arguments.empty() ? "301" : arguments[0]);
}

void SiteWriter::tls(const Directive& directive) {
  for (const auto& words : directive.block.value_or(std::vector<Tokens>{})) {
    if (words.front() == "clients") return close_paths({}, "'tls' with 'clients' is not understood");
  }
  if (directive.block) warn("the block of 'tls' left out");
  Tokens words(directive.words.begin() + 1, directive.words.end());
  if (words.empty() || words[0] == "off") return;
  if (words[0] == "self_signed") words = {"internal"};
  std::string text = "\ttls";
  for (const auto& word : words) text += " " + caddy_token(word);
  server_line(text + "\n");
}

void SiteWriter::bind(const Directive& directive) {
  std::string text = "\tbind";
  for (std::size_t i = 1; i < directive.words.size(); ++i) text += " " + caddy_token(directive.words[i]);
  if (directive.words.size() > 1) server_line(text + "\n");
}

void SiteWriter::header(const Directive& directive) {
  if (directive.words.size() < 2) return warn("'header' without path left out");
  const std::string path = whole_site(directive.words[1]) ? "*" : prefix(directive.words[1]);
  auto one = [&](Tokens words) {
    words.insert(words.begin(), {"header", path});
    if (words.size() > 2) line(words);
  };
  one(Tokens(directive.words.begin() + 2, directive.words.end()));
  for (const auto& words : directive.block.value_or(std::vector<Tokens>{})) one(words);
}

void SiteWriter::basicauth(const Directive& directive) {
  // Caddy 2 accepts only hashed passwords.
  const auto& words = directive.words;
  Tokens paths;
  const auto refuse = [&](const std::string& why) { close_paths(paths, "'basicauth' " + why); };
  std::string user, password;
  if (words.size() == 4 && !directive.block) {
    paths = {words[1]};
    user = words[2];
    password = words[3];
  } else if (words.size() == 3 && directive.block) {
    user = words[1];
    password = words[2];
    for (const auto& row : *directive.block) {
      if (row[0] != "realm") paths.insert(paths.end(), row.begin(), row.end());
    }
  } else {
    return refuse("is not understood");
  }
  if (password.starts_with("htpasswd=")) return refuse("with a password file has no equal");
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> salt{};
  crypt_data data{};
  const char* hash = nullptr;
  if (crypt_gensalt_rn("$2b$", 10, nullptr, 0, salt.data(), static_cast<int>(salt.size())) != nullptr) {
    hash = crypt_r(password.c_str(), salt.data(), &data);
  }
  if (hash == nullptr || hash[0] == '*') return refuse("cannot be hashed here");
  if (paths.empty()) paths = {"/"};
  for (const auto& path : paths) {
    open({"basicauth", whole_site(path) ? "*" : prefix(path)});
    line({user, hash});
    close();
  }
}

void SiteWriter::ext(const Directive& directive) {
  Tokens words{"try_files", "{path}"};
  for (std::size_t i = 1; i < directive.words.size(); ++i) words.push_back("{path}" + directive.words[i]);
  line(words);
}

void SiteWriter::internal(const Directive& directive) {
  for (std::size_t i = 1; i < directive.words.size(); ++i) line({"error", prefix(directive.words[i]), "404"});
}

void SiteWriter::fastcgi(const Directive& directive) {
  if (directive.words.size() < 3) return warn("'fastcgi' without server left out");
  if (directive.block) warn("the block of 'fastcgi' left out");
  Tokens words{"php_fastcgi"};
  if (!whole_site(directive.words[1])) words.push_back(prefix(directive.words[1]));
  words.push_back(directive.words[2]);
  line(words);
}

void SiteWriter::limits(const Directive& directive) {
  if (directive.words.size() != 2 || directive.block) return warn("'limits' with a block left out");
  open({"request_body"});
  line({"max_size", directive.words[1]});
  close();
}

void SiteWriter::templates(const Directive& directive) {
  const bool path = directive.words.size() > 1 && !whole_site(directive.words[1]);
  line(path ? Tokens{"templates", prefix(directive.words[1])} : Tokens{"templates"});
}

}  // namespace labctl::agent
