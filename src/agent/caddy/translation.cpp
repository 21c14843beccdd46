#include "agent/caddy/translation.hpp"

#include "agent/caddy/directives.hpp"
#include "contract/caddyfile.hpp"
#include "contract/site_address.hpp"

#include <algorithm>
#include <set>

namespace labctl::agent {
namespace {

using contract::Site;

// What Caddy 1 answers for a host or path of which it has no site.
constexpr const char* not_served = "\trespond \"404 Site {host} is not served on this interface\" 404\n";

// Whether the key has only characters that Caddy 2 accepts in a site address.
bool plain_address(const std::string& key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view(".:/*_[]-").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

// "http://host/path" -> "http://host" and "/path": Caddy 2 addresses have no path.
std::pair<std::string, std::string> split_address(const std::string& key) {
  const auto scheme = key.find("://");
  const auto slash = key.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  if (slash == std::string::npos) return {key, ""};
  const std::string path = key.substr(slash);
  return {key.substr(0, slash), path == "/" ? "" : path};
}

// Sites with the same address differ by path. Caddy 2 needs them in one block, longest path first.
struct Address {
  std::string key;
  std::string address;  // of the key
  std::vector<std::pair<std::string, const Site*>> paths;
};

class Translator {
public:
  explicit Translator(CaddyTranslation& result) : result_(result) {}

  void add(const Site& site) {
    for (const auto& key : site.keys) {
      if (!plain_address(key)) {
        result_.warnings.push_back(key + ": not a site address, left out");
        continue;
      }
      const auto [host, path] = split_address(key);
      auto address = contract::site_address(host);
      auto found = std::find_if(addresses_.begin(), addresses_.end(),
                                [&](const Address& known) { return known.address == address; });
      if (found == addresses_.end()) found = addresses_.insert(found, {host, std::move(address), {}});
      const auto taken =
          std::find_if(found->paths.begin(), found->paths.end(),
                       [&, wanted = path](const auto& known) { return known.first == wanted; });
      if (taken == found->paths.end()) {
        found->paths.emplace_back(path, &site);
      } else if (taken->second != &site) {  // not the same site by another name
        result_.warnings.push_back(key + ": defined twice, the later site is left out");
      }
    }
  }

  void write() {
    for (auto& address : addresses_) {
      std::stable_sort(address.paths.begin(), address.paths.end(),
                       [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
      result_.text += "\n" + address.key + " {\n";
      const bool whole = address.paths.size() == 1 && address.paths.front().first.empty();
      // Lines for the whole server are written once, outside the path blocks.
      std::set<std::string> outside;
      for (const auto& [path, site] : address.paths) {
        SiteWriter writer(address.key + path, result_.warnings);
        if (!whole) writer.begin(path);
        for (const auto& directive : site->body) writer.directive(directive);
        writer.end();
        for (const auto& line : writer.server_lines()) {
          if (outside.insert(line).second) result_.text += line;
        }
        result_.text += writer.lines();
      }
      if (!address.paths.back().first.empty())
        result_.text += std::string("\thandle {\n\t") + not_served + "\t}\n";
      result_.text += "}\n";
    }
    // Without them, Caddy 2 answers with 200 for a host that it does not know.
    for (const auto& port : ports_with_unknown_hosts())
      result_.text += "\nhttp://:" + port + " {\n" + not_served + "}\n";
  }

private:
  // The ports of http:// sites that have no site for every host. One that is bound to some addresses only is
  // left out: the site for every host would take the others.
  std::set<std::string> ports_with_unknown_hosts() const {
    std::set<std::string> ports, others;
    for (const auto& address : addresses_) {
      if (!address.address.starts_with("http://")) continue;
      const auto port = address.address.substr(address.address.rfind(':') + 1);
      const bool for_every_host = address.address == "http://:" + port;
      const bool bound = std::any_of(address.paths.begin(), address.paths.end(), [](const auto& path) {
        const auto& body = path.second->body;
        return std::any_of(body.begin(), body.end(),
                           [](const auto& line) { return line.words.front() == "bind"; });
      });
      (for_every_host || bound ? others : ports).insert(port);
    }
    for (const auto& port : others) ports.erase(port);
    return ports;
  }

  CaddyTranslation& result_;
  std::vector<Address> addresses_;
};

}  // namespace

CaddyTranslation translate_caddyfile(std::string_view text, const CaddyOptions& options) {
  const auto sites = contract::parse_caddyfile(text);
  CaddyTranslation result;
  result.text = "{\n\tadmin localhost:2019\n\tgrace_period 3s\n";
  // A path that is closed, or has an answer of its own, must get it before a "handle" can answer for it.
  result.text += "\torder error before handle\n\torder respond before handle\n";
  if (options.local_certs) result.text += "\tlocal_certs\n\tskip_install_trust\n";
  result.text += "}\n";
  Translator translator(result);
  for (const auto& site : sites) translator.add(site);
  translator.write();
  return result;
}

}  // namespace labctl::agent
