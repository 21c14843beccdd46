#pragma once

#include "cluster/caddyfile.hpp"

#include <string>
#include <vector>

namespace labctl::agent {

// Writes the Caddy 2 lines of one site, directive by directive.
class SiteWriter {
public:
  // `where` begins each warning; `indent` in tabs.
  SiteWriter(std::string where, int indent, std::vector<std::string>& warnings);

  void directive(const cluster::Directive& directive);

  std::string lines() const { return lines_; }
  // `tls`, `bind`, `log` and error routes: of the whole address, one string each, already indented by one.
  const std::vector<std::string>& server_lines() const { return server_lines_; }

  using Handler = void (SiteWriter::*)(const cluster::Directive&);

private:
  friend struct DirectiveTable;

  void line(const cluster::Tokens& words, const char* tail = "");
  void open(const cluster::Tokens& words);
  void close();
  void server_line(const std::string& text) { server_lines_.push_back(text); }
  void warn(const std::string& what);
  std::string matcher(const std::string& kind, const std::string& value);  // defines one, returns "@name"

  void nothing(const cluster::Directive&) {}
  void proxy(const cluster::Directive&);
  void gzip(const cluster::Directive&);
  void log(const cluster::Directive&);
  void root(const cluster::Directive&);
  void browse(const cluster::Directive&);
  void errors(const cluster::Directive&);
  void rewrite(const cluster::Directive&);
  void status(const cluster::Directive&);
  void redir(const cluster::Directive&);
  void tls(const cluster::Directive&);
  void bind(const cluster::Directive&);
  void header(const cluster::Directive&);
  void basicauth(const cluster::Directive&);
  void ext(const cluster::Directive&);
  void internal(const cluster::Directive&);
  void fastcgi(const cluster::Directive&);
  void limits(const cluster::Directive&);
  void templates(const cluster::Directive&);

  std::string where_;
  int indent_;
  std::vector<std::string>& warnings_;
  std::string lines_;
  std::vector<std::string> server_lines_;
  int matchers_ = 0;
};

}  // namespace labctl::agent
