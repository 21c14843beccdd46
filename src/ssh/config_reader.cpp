#include "ssh/config_reader.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "ssh/jump.hpp"
#include "ssh/pattern.hpp"

#include <algorithm>
#include <cctype>

namespace labctl::ssh {
namespace {

namespace fs = std::filesystem;

constexpr int deepest_include = 16;  // READCONF_MAX_DEPTH of OpenSSH

// The arguments of a line, checked and in the form that is stored.
std::vector<std::string> read_values(const ConfigOption& option, const ConfigLine& line,
                                     const Environment& environment) {
  const auto& given = line.arguments;
  const auto fail = [&](const std::string& what) {
    throw Error(Kind::invalid, std::string(option.name) + " " + what);
  };
  switch (option.form) {
    case OptionForm::unread:
      return {line.rest};
    case OptionForm::command:
    case OptionForm::jump: {
      std::string value = line.rest.substr(std::min(line.rest.find_first_not_of(" \t="), line.rest.size()));
      if (option.form == OptionForm::command) return {value};
      value = value.substr(0, value.find_first_of(" \t#"));
      if (value.empty()) fail("has no argument");
      read_jump_hosts(value);
      return {value};
    }
    case OptionForm::files:
      for (const std::string& value : given) {
        if (value.empty()) fail("has an empty argument");
        if (lower(value) == "none" && given.size() > 1) fail("has \"none\" beside others");
      }
      return given;
    default:
      break;
  }
  if (given.empty() || given.front().empty()) fail("has no argument");
  if (given.size() > 1) fail("has more than one argument");
  const std::string& value = given.front();
  switch (option.form) {
    case OptionForm::choice:
      return {read_choice(option, value)};
    case OptionForm::number:
      return {std::to_string(read_number(value))};
    case OptionForm::time: {
      const int seconds = read_time(value);
      if (seconds < 0) return {};
      return {std::to_string(seconds)};
    }
    case OptionForm::port:
      return {std::to_string(read_port(value))};
    case OptionForm::agent: {
      expand_environment(value, environment);
      const bool variable = value.starts_with('$') && !value.starts_with("${");
      if (variable && (value.size() == 1 || !std::all_of(value.begin() + 1, value.end(), [](unsigned char c) {
                         return std::isalnum(c) || c == '_';
                       }))) {
        fail("names no variable: " + value);
      }
      return {value};
    }
    default:
      return {value};
  }
}

}  // namespace

fs::path expand_tilde(const std::string& name, const ConfigSurroundings& surroundings) {
  if (!name.starts_with('~')) return name;
  const auto slash = name.find('/');
  const std::string user = name.substr(1, slash == std::string::npos ? slash : slash - 1);
  const auto home = user.empty() ? std::optional(surroundings.home) : surroundings.home_of(user);
  if (!home) throw Error(Kind::invalid, "there is no user " + user + " for " + name);
  const auto below = slash == std::string::npos ? slash : name.find_first_not_of('/', slash);
  std::string path = home->string();
  if (!path.ends_with('/')) path += '/';
  return below == std::string::npos ? path : path + name.substr(below);
}

ConfigReader::ConfigReader(const ConfigQuery& query, const ConfigSurroundings& surroundings)
    : surroundings_(surroundings), original_host_(query.host) {
  if (query.user) options_["user"] = {{*query.user}, {true}, {}};
  if (query.port) options_["port"] = {{std::to_string(*query.port)}, {true}, {}};
}

const std::string& ConfigReader::first(const std::string& keyword) const {
  static const std::string none;
  const auto found = options_.find(keyword);
  return found == options_.end() || found->second.values.empty() ? none : found->second.values.front();
}

void ConfigReader::read_all(const std::string& host, bool final_pass) {
  host_ = host;
  final_pass_ = final_pass;
  read({.path = surroundings_.user_file,
        .personal = true,
        .depth = 0,
        .outer = Applies::yes,
        .applies = Applies::yes,
        .reason = {},
        .reason_place = {}},
       true);
  read({.path = surroundings_.system_file,
        .personal = false,
        .depth = 0,
        .outer = Applies::yes,
        .applies = Applies::yes,
        .reason = {},
        .reason_place = {}},
       false);
}

void ConfigReader::read(File file, bool checked) {
  if (file.depth > deepest_include) throw Error(Kind::invalid, "too many includes within each other");
  const auto text = surroundings_.read(file.path, checked);
  if (!text) return;
  int number = 0;
  for (const std::string& raw : lines(*text)) {
    const std::string place = file.path.string() + ":" + std::to_string(++number);
    try {
      if (const auto line = read_config_line(raw)) take(file, *line, place);
    } catch (const Error& error) {
      // An error in an included file already has its place.
      if (!error.where().empty()) throw;
      throw Error(error.kind(), error.what(), place, error.hint());
    }
  }
}

void ConfigReader::take(File& file, const ConfigLine& line, const std::string& place) {
  if (line.keyword == "host") {
    file.applies = host_matches(line.arguments, host_) ? file.outer : Applies::no;
  } else if (line.keyword == "match") {
    match(file, line, place);
  } else if (line.keyword == "include") {
    include(file, line.arguments);
  } else if (const ConfigOption* option = find_config_option(line.keyword); option != nullptr) {
    set(file, *option, line, place);
  } else if (!match_pattern_list(line.keyword, first("ignoreunknown"))) {
    throw Error(Kind::invalid, "ssh has no option " + line.keyword);
  }
}

void ConfigReader::match(File& file, const ConfigLine& line, const std::string& place) {
  std::string host = original_host_;
  if (const std::string& name = first("hostname"); final_pass_) {
    host = host_;
  } else if (!name.empty()) {
    host = expand_tokens(name, {{'h', host_}});
  }
  const std::string& user = first("user");
  const MatchResult result = evaluate_match(line.arguments, {.host = host,
                                                             .original_host = original_host_,
                                                             .user = user.empty() ? surroundings_.user : user,
                                                             .local_user = surroundings_.user,
                                                             .tag = first("tag"),
                                                             .final_pass = final_pass_});
  wants_final_pass_ |= result.wants_final_pass;
  file.applies = std::min(file.outer, result.applies);
  if (result.applies == Applies::undecided) {
    file.reason = result.not_evaluated;
    file.reason_place = place;
  }
}

// OpenSSH 10 expands variables in the names. Older versions take the name literally; no file has such a name.
std::string ConfigReader::with_variables(const std::string& name) const {
  try {
    return expand_environment(name, surroundings_.environment);
  } catch (const Error&) {
    return name;
  }
}

void ConfigReader::include(const File& file, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (name.empty()) throw Error(Kind::invalid, "Include has an empty argument");
    if (name.starts_with('~') && !file.personal)
      throw Error(Kind::invalid, "Include of the system's file leads to a home folder: " + name);
    fs::path path = expand_tilde(with_variables(name), surroundings_);
    if (path.is_relative())
      path = (file.personal ? surroundings_.user_file : surroundings_.system_file).parent_path() / path;
    for (const fs::path& found : surroundings_.glob(path)) {
      File below = file;
      below.path = found;
      ++below.depth;
      below.outer = file.applies;
      read(std::move(below), true);
    }
  }
}

void ConfigReader::set(const File& file, const ConfigOption& option, const ConfigLine& line,
                       const std::string& place) {
  const auto values = read_values(option, line, surroundings_.environment);
  if (file.applies == Applies::no || values.empty()) return;
  const std::string key = lower(option.name);
  const bool adds_up = option.form == OptionForm::several;
  const auto known = options_.find(key);
  if (known != options_.end() && !adds_up) return;
  // ProxyJump and ProxyCommand exclude each other: the one that comes first counts. As in OpenSSH 10, a
  // command is still possible after "ProxyJump none".
  const std::string& jump = first("proxyjump");
  if ((key == "proxycommand" && !jump.empty() && lower(jump) != "none") ||
      (key == "proxyjump" && options_.contains("proxycommand"))) {
    return;
  }
  if (adds_up && known != options_.end()) {
    for (std::size_t i = 0; i < known->second.values.size(); ++i) {
      if (known->second.values[i] == values.front() && known->second.personal[i] == file.personal) return;
    }
  }
  if (file.applies == Applies::undecided) {
    if (option.use == OptionUse::no_matter) return;
    ConfigFinding finding{"Match " + file.reason, std::string(option.name) + " " + values.front(), place,
                          "labctl does not evaluate it (" + file.reason_place + "); the block is left out",
                          false};
    const auto same = [&](const ConfigFinding& other) { return other.place == finding.place; };
    if (std::none_of(undecided_.begin(), undecided_.end(), same)) undecided_.push_back(std::move(finding));
    return;
  }
  ConfigValue& value = options_[key];
  if (value.values.empty()) value.place = place;
  value.values.insert(value.values.end(), values.begin(), values.end());
  value.personal.resize(value.values.size(), file.personal);
}

}  // namespace labctl::ssh
