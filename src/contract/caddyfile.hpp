#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The Caddy 1 texts of services (contract 5.1): the grammar of the variable CADDYFILE, the defaults of every
// site, and the text in KV. Pure text, no I/O.
namespace labctl::contract {

using Tokens = std::vector<std::string>;

struct Directive {
  Tokens words;                              // name and arguments
  std::optional<std::vector<Tokens>> block;  // one level only

  bool operator==(const Directive&) const = default;
};

struct Site {
  std::vector<std::string> keys;  // "http://service.cluster.lab"
  std::vector<Directive> body;

  bool operator==(const Site&) const = default;
};

// Error{invalid} with the line number if the text violates the grammar. Empty text: no sites. Comments inside
// of a site are left out: rendered, one could swallow the brace of a block. `warnings` gets, with its line,
// what Caddy would read otherwise than the cluster: its author may not know.
std::vector<Site> parse_caddyfile(std::string_view text, std::vector<std::string>* warnings = nullptr);

// A word that was meant to begin or end a block, and does not ("{", "api:80{", "websocket}"): the block is
// written in one line, or its brace is glued to a word. nullopt if there is none.
std::optional<std::string> stray_brace(const Directive& directive);

// A word whose quotes would stay open in Caddy, because it ends in a backslash; nullopt if there is none.
std::optional<std::string> open_quote(const Directive& directive);

// Leaves out keys that are the address (site_address.hpp) of an earlier key of the same site, with a warning.
// Error{invalid} if another site has the address: Caddy would reject the configuration of the whole node.
void unite_addresses(std::vector<Site>& sites, std::vector<std::string>& warnings);

// Adds gzip, timeouts and log, and replaces the block of every proxy.
void apply_defaults(Site& site);

std::string render_caddyfile(const std::vector<Site>& sites);

// Record fields. `domains` are the distinct authority parts; a key without scheme has none and is skipped,
// because an empty domain prevents every node's HAProxy from loading.
std::vector<std::string> site_domains(const std::vector<Site>& sites);
std::vector<std::string> site_keys(const std::vector<Site>& sites);

// The first duplicate key, if any.
std::optional<std::string> duplicate_key(const std::vector<Site>& sites);

}  // namespace labctl::contract
