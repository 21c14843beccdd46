#pragma once

#include "contract/caddyfile.hpp"

#include <string>
#include <vector>

namespace labctl::agent {

// Writes the Caddy 2 lines of one site, directive by directive.
class SiteWriter {
public:
  // `where` begins each warning.
  SiteWriter(std::string where, std::vector<std::string>& warnings);

  // Begins a site for the paths that begin with `path`; "" for all. As with Caddy 1, it sees only what
  // follows, with a slash.
  void begin(const std::string& path);
  void directive(const contract::Directive& directive);
  // Ends the site: on a path that nothing answers, Caddy 1 looks for a file, and finds none without a root.
  void end();

  std::string lines() const { return lines_; }
  // `tls`, `bind`, `log` and error routes: they apply to the whole address; one string each, already indented
  // by one.
  const std::vector<std::string>& server_lines() const { return server_lines_; }

  using Handler = void (SiteWriter::*)(const contract::Directive&);

private:
  friend struct DirectiveTable;

  void line(const contract::Tokens& words, const char* tail = "");
  void open(const contract::Tokens& words);
  void close();
  void server_line(const std::string& text) { server_lines_.push_back(text); }
  void warn(const std::string& what);
  // Answers 403 on the paths, on all if there is none, because of a directive that may guard them.
  void close_paths(contract::Tokens paths, const std::string& why);
  // "error" or "respond" with this status, for a path.
  void answer(const std::string& verb, const std::string& path, const std::string& code);
  // Takes a prefix from the path of the request; what is left begins with a slash.
  void strip(const std::string& prefix);
  // Lines of the whole site if `path` is that, else a block for the path.
  void open_path(const std::string& path);
  void close_path(const std::string& path);
  // A name for a matcher, without "@", that no other in the server block has.
  std::string matcher_name();
  // Defines a matcher of these lines and returns how to use it; "*" without lines.
  std::string matcher(const std::string& name, const std::vector<contract::Tokens>& conditions);

  void nothing(const contract::Directive&) {}
  void plugin(const contract::Directive&);
  void proxy(const contract::Directive&);
  void gzip(const contract::Directive&);
  void log(const contract::Directive&);
  void root(const contract::Directive&);
  void browse(const contract::Directive&);
  void errors(const contract::Directive&);
  void rewrite(const contract::Directive&);
  void status(const contract::Directive&);
  void redir(const contract::Directive&);
  void tls(const contract::Directive&);
  void bind(const contract::Directive&);
  void header(const contract::Directive&);
  void basicauth(const contract::Directive&);
  void ext(const contract::Directive&);
  void internal(const contract::Directive&);
  void fastcgi(const contract::Directive&);
  void limits(const contract::Directive&);
  void templates(const contract::Directive&);

  std::string where_;
  int indent_ = 1;  // in tabs
  std::vector<std::string>& warnings_;
  std::string lines_;
  std::vector<std::string> server_lines_;
  int matchers_ = 0;
  bool has_answer_ = false;  // for every path
};

}  // namespace labctl::agent
