#include "contract/app_settings.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "contract/checks.hpp"
#include "contract/haproxy.hpp"
#include "contract/names.hpp"

#include <iterator>
#include <utility>

namespace labctl::contract {
namespace {

void append(std::vector<std::string>& to, std::vector<std::string> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// Error{invalid} if Caddy would read a word, and all that follows, otherwise than the cluster.
void refuse_misread_words(const Site& site) {
  for (const auto& directive : site.body) {
    const auto refuse = [&](const std::string& thing, const std::string& word, const std::string& why) {
      throw Error(Kind::invalid,
                  "the " + thing + " \"" + word + "\" of '" + directive.words.front() + "' " + why,
                  site.keys.front());
    };
    if (const auto word = stray_brace(directive)) {
      refuse("brace in", *word,
             "is no block: a { ends its line, behind a space, and a } has a line of its own");
    }
    if (const auto word = open_quote(directive))
      refuse("\\ at the end of", *word, "would keep the quotes open in Caddy");
  }
}

// The sites of one CADDYFILE. Error{invalid} if the app cannot be deployed with it.
std::vector<Site> parse_sites(const std::string& text, std::vector<std::string>& remarks) {
  auto sites = parse_caddyfile(text, &remarks);
  for (const auto& site : sites) refuse_misread_words(site);
  if (auto twice = duplicate_key(sites)) throw Error(Kind::invalid, "the site " + *twice + " twice");
  unite_addresses(sites, remarks);
  for (auto& site : sites) apply_defaults(site);
  return sites;
}

void add_sites(const Service& service, const std::string& container, AppSettings& settings) {
  if (!service.caddyfile) return;
  const std::string where = "CADDYFILE of service " + service.name;
  if (!service.caddyfile->is_string()) {
    settings.problems.push_back(where + " is not text");
    return;
  }
  // Of a text that is refused too: a remark may be the cause.
  std::vector<std::string> remarks;
  try {
    const auto text = replace_all(service.caddyfile->get_ref<const std::string&>(), "$CONTAINER", container);
    for (auto& site : parse_sites(text, remarks)) settings.sites.push_back(std::move(site));
  } catch (const Error& error) {
    settings.problems.push_back(where + ": " + error.line());
  }
  for (const auto& remark : remarks) settings.warnings.push_back(where + ": " + remark);
}

void add_haproxy(const std::vector<HaproxyText>& texts, AppSettings& settings) {
  try {
    auto merge = merge_haproxy(texts);
    append(settings.warnings, std::move(merge.warnings));
    append(settings.problems, haproxy_problems(merge.config));
    settings.haproxy = std::move(merge.config);
  } catch (const Error& error) {
    settings.problems.push_back(error.line());
  }
}

}  // namespace

AppSettings app_settings(const Compose& compose, std::string_view project) {
  AppSettings settings;
  settings.warnings = compose.warnings;
  std::vector<HaproxyText> texts;
  for (const auto& service : compose.services) {
    const std::string container = container_name(project, service.name);
    add_sites(service, container, settings);
    if (service.haproxy) texts.push_back({service.name, container, *service.haproxy});
    if (service.check_urls) {
      auto checks = parse_check_urls(*service.check_urls, service.name);
      append(settings.check_urls, std::move(checks.urls));
      append(settings.warnings, std::move(checks.warnings));
    }
  }
  add_haproxy(texts, settings);
  return settings;
}

}  // namespace labctl::contract
