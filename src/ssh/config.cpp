#include "ssh/config.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "ssh/pattern.hpp"

#include <glob.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace labctl::ssh {
namespace {

namespace fs = std::filesystem;

constexpr int deepest_include = 8;

struct Line {
  std::string keyword;  // lower case
  std::vector<std::string> arguments;
};

// "Keyword arguments", "Keyword=arguments", arguments in double quotes; a word that starts with # ends the line.
Line read_line(std::string_view text) {
  Line line;
  std::string word;
  bool quoted = false, any = false;
  auto end_word = [&] {
    if (!any) return;
    if (line.keyword.empty()) {
      line.keyword = lower(word);
    } else {
      line.arguments.push_back(word);
    }
    word.clear();
    any = false;
  };
  for (const char c : text) {
    const bool separator = c == ' ' || c == '\t' || c == '\r' ||
                           (c == '=' && line.arguments.empty() && word.empty()) ||
                           (c == '=' && line.keyword.empty());
    if (c == '"') {
      quoted = !quoted;
      any = true;
    } else if (quoted || (!separator && (c != '#' || any))) {
      word += c;
      any = true;
    } else if (c == '#') {
      break;
    } else {
      end_word();
    }
  }
  end_word();
  return line;
}

bool host_matches(std::string_view host, const std::vector<std::string>& patterns) {
  return match_pattern_list(host, join(patterns, ","));
}

// %d home folder, %h host, %u our user, %% a percent sign; ssh knows more, which a key path hardly needs.
fs::path expand(const std::string& text, std::string_view host) {
  std::string path = replace_all(text, "%d", home_dir().string());
  path = replace_all(path, "%h", host);
  if (const char* user = std::getenv("USER"); user != nullptr) path = replace_all(path, "%u", user);
  return expand_home(replace_all(path, "%%", "%"));
}

class Reader {
public:
  Reader(std::string_view host, fs::path folder, HostConfig& into)
      : host_(host), folder_(std::move(folder)), into_(into) {}

  void read(std::string_view text, bool applies, int depth) {
    for (const std::string& raw : lines(text)) {
      const Line line = read_line(raw);
      if (line.keyword.empty() || line.arguments.empty()) continue;
      if (line.keyword == "host") {
        applies = host_matches(host_, line.arguments);
      } else if (line.keyword == "match") {
        applies = line.arguments.size() == 1 && line.arguments[0] == "all";
      } else if (applies) {
        line.keyword == "include" ? include(line.arguments, depth) : take(line);
      }
    }
  }

private:
  void include(const std::vector<std::string>& names, int depth) {
    if (depth >= deepest_include) return;
    for (const std::string& name : names) {
      fs::path path = expand_home(name);
      if (path.is_relative()) path = folder_ / path;
      glob_t found{};
      if (::glob(path.c_str(), 0, nullptr, &found) == 0) {
        for (std::size_t i = 0; i < found.gl_pathc; ++i) {
          try {
            read(read_file(found.gl_pathv[i]), true, depth + 1);
          } catch (const Error&) {
            // ssh passes over included files that it cannot read.
          }
        }
      }
      ::globfree(&found);
    }
  }

  void take(const Line& line) {
    const std::string& value = line.arguments[0];
    if (line.keyword == "hostname" && !into_.host_name) {
      into_.host_name = replace_all(value, "%h", host_);
    } else if (line.keyword == "user" && !into_.user) {
      into_.user = value;
    } else if (line.keyword == "port" && !into_.port) {
      std::uint16_t port = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), port);
      if (error == std::errc{} && end == value.data() + value.size() && port != 0) into_.port = port;
    } else if (line.keyword == "identityfile") {
      if (value != "none") into_.identities.push_back(expand(value, host_));
    } else if (line.keyword == "identitiesonly" && !into_.identities_only) {
      into_.identities_only = value == "yes";
    } else if (line.keyword == "userknownhostsfile" && into_.known_hosts.empty()) {
      for (const std::string& name : line.arguments) into_.known_hosts.push_back(expand(name, host_));
    } else if (line.keyword == "identityagent" && !into_.agent) {
      into_.agent = value;
    } else if ((line.keyword == "proxyjump" || line.keyword == "proxycommand") && !into_.proxy) {
      into_.proxy = value;
    }
  }

  std::string host_;
  fs::path folder_;
  HostConfig& into_;
};

}  // namespace

HostConfig parse_config(std::string_view text, std::string_view host, const fs::path& folder) {
  HostConfig config;
  Reader(host, folder, config).read(text, true, 0);
  return config;
}

HostConfig load_config(std::string_view host) {
  const fs::path folder = home_dir() / ".ssh";
  try {
    return parse_config(read_file(folder / "config"), host, folder);
  } catch (const Error& error) {
    if (error.kind() == Kind::not_found) return {};
    throw;
  }
}

}  // namespace labctl::ssh
