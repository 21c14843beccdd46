#include "agent/caddy/directives.hpp"

#include "agent/caddy/paths.hpp"
#include "agent/caddy/token.hpp"
#include "base/text.hpp"

#include <crypt.h>

#include <algorithm>
#include <array>
#include <map>
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

}  // namespace

SiteWriter::SiteWriter(std::string where, std::vector<std::string>& warnings)
    : where_(std::move(where)), warnings_(warnings) {}

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

void SiteWriter::begin(const std::string& path) {
  open(path.empty() ? Tokens{"handle"} : Tokens{"handle", path + "*"});
  if (path.empty()) return;
  open({"route"});
  strip(path);
  open({"handle"});
}

void SiteWriter::end() {
  if (!has_answer_) {
    open({"handle"});
    line({"respond", "404 Not Found", "404"});
    close();
  }
  while (indent_ > 1) close();
}

void SiteWriter::open_path(const std::string& path) {
  if (whole_site(path)) {
    has_answer_ = true;
  } else {
    open({"handle", prefix(path)});
  }
}

void SiteWriter::close_path(const std::string& path) {
  if (!whole_site(path)) close();
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
  has_answer_ = has_answer_ || whole_site(path);
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

void SiteWriter::gzip(const Directive&) { line({"encode", "gzip"}); }

// Caddy 2 has its own log format. Only the destination is translated: always stdout.
void SiteWriter::log(const Directive&) { server_line("\tlog {\n\t\toutput stdout\n\t}\n"); }

void SiteWriter::root(const Directive& directive) {
  if (directive.words.size() != 2) return warn("'root' without folder left out");
  has_answer_ = true;
  line({"root", "*", directive.words[1]});
  line({"file_server"});  // Caddy 1 does that by default
}

void SiteWriter::browse(const Directive& directive) {
  const auto path = directive.words.size() > 1 ? directive.words[1] : "";
  open_path(path);
  line({"file_server", "browse"});
  close_path(path);
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
      has_answer_ = true;
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
  open_path(directive.words[1]);
  line({"php_fastcgi", directive.words[2]});
  close_path(directive.words[1]);
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
