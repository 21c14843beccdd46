// Compares labctl's reading of ssh_config with `ssh -G` of the installed OpenSSH: for the corpus and for
// generated configurations.
#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "config_cases.hpp"
#include "config_reference.hpp"
#include "ssh/config.hpp"
#include "ssh/config_options.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

using namespace labctl;
using namespace labctl::ssh;
using namespace labctl::test;

namespace {

using Words = std::vector<std::string>;

constexpr unsigned seed = 20261125;
constexpr std::size_t generated = 200;

Words strings(const std::vector<std::filesystem::path>& paths) { return {paths.begin(), paths.end()}; }

// What `ssh -G` should print for an option, one string per line; nullopt if labctl leaves the option at its
// default.
class Shown {
public:
  Shown(const HostConfig& config, const SshAnswer& standard) : config_(config), standard_(standard) {}

  std::optional<Words> lines_of(const ConfigOption& option) const {
    const std::string key = lower(option.name);
    if (key == "hostname") return Words{config_.host_name};
    const auto found = config_.options.find(key);
    if (found == config_.options.end()) return std::nullopt;
    const Words& values = found->second.values;
    const std::string& value = values.front();
    if (key == "hostkeyalias") return Words{*config_.host_key_alias};
    if (key == "identityagent") return Words{*config_.agent};
    if (key == "userknownhostsfile") return one_line(strings(*config_.user_known_hosts));
    if (key == "globalknownhostsfile") return one_line(strings(*config_.global_known_hosts));
    if (key == "hostkeyalgorithms" || key == "pubkeyacceptedalgorithms")
      return algorithms(key, value, "key-sig");
    if (key == "casignaturealgorithms") return algorithms(key, value, "sig");
    if (key == "ciphers") return algorithms(key, value, "cipher");
    if (key == "macs") return algorithms(key, value, "mac");
    if (key == "kexalgorithms") return algorithms(key, value, "kex");
    if (option.form == OptionForm::jump && lower(value) != "none") return Words{last_jump_read(value)};
    // For these options "none" means that the option is not set.
    const bool unset = lower(value) == "none" && (option.form == OptionForm::command || key == "proxyjump" ||
                                                  key == "revokedhostkeys" || key == "pkcs11provider");
    return unset ? Words{} : values;
  }

private:
  static Words one_line(const Words& files) { return {files.empty() ? "none" : join(files, " ")}; }

  // ssh prints a chain of jump hosts unchanged, except for the last host.
  static std::string last_jump_read(const std::string& text) {
    const JumpHost last = read_jump_hosts(text).back();
    const bool address = last.host.find_first_not_of("0123456789.") == std::string::npos ||
                         last.host.find(':') != std::string::npos;
    const auto comma = text.rfind(',');
    return (comma == std::string::npos ? "" : text.substr(0, comma + 1)) +
           (last.user ? *last.user + "@" : "") + (address ? "[" + last.host + "]" : last.host) +
           (last.port ? ":" + std::to_string(*last.port) : "");
  }

  static const Words& all_of(const std::string& kind) {
    static std::map<std::string, Words> known;
    if (!known.contains(kind)) known[kind] = SshReference::query(kind);
    return known[kind];
  }

  Words algorithms(const std::string& key, const std::string& list, const std::string& kind) const {
    const Words standard = split(standard_.values.at(key).front(), ',');
    return {join(choose_algorithms(list, standard, all_of(kind)), ",")};
  }

  const HostConfig& config_;
  const SshAnswer& standard_;
};

Words normal(Words values, const ConfigOption& option) {
  if (option.form == OptionForm::choice) {
    for (std::string& value : values) value = read_choice(option, value);
  }
  return values;
}

// Every difference, one per line; empty if there is none.
std::string differences(const std::string& host, const SshReference& reference, std::size_t number,
                        const SshAnswer& standard) {
  const SshAnswer theirs = reference.answer(number, host);
  HostConfig ours;
  try {
    ours = resolve_config({.host = host, .user = {}, .port = {}}, reference.surroundings(number));
  } catch (const Error& error) {
    return theirs.ok ? "labctl stops, ssh does not: " + error.line() + "\n" : "";
  }
  if (!theirs.ok) return "ssh stops, labctl does not: " + theirs.error;
  std::string found;
  const auto compare = [&](const std::string& what, const Words& mine, const Words& wanted) {
    if (mine == wanted) return;
    found += what + ": labctl [" + join(mine, "|") + "], ssh [" + join(wanted, "|") + "]\n";
  };
  const Shown shown(ours, standard);
  for (const ConfigOption& option : config_options()) {
    if (option.form == OptionForm::unread) continue;
    const std::string key = lower(option.name);
    const auto wanted = theirs.values.find(key);
    const auto mine = shown.lines_of(option);
    const auto usual = standard.values.find(key);
    const Words fallback = usual == standard.values.end() ? Words{} : usual->second;
    // If this ssh does not print an option at all, there is nothing to compare.
    if (wanted == theirs.values.end() && !mine) continue;
    compare(std::string(option.name), normal(mine.value_or(fallback), option),
            wanted == theirs.values.end() ? Words{} : normal(wanted->second, option));
  }
  // ssh -G does not print the expanded names.
  if (theirs.asked_for_keys && ours.identities_said)
    compare("key files", strings(ours.identities), theirs.identities);
  if (theirs.asked_for_keys) compare("certificates", strings(ours.certificates), theirs.certificates);
  return found;
}

std::string documentation() {
  return read_file(std::filesystem::path(LABCTL_SOURCE_DIR) / "docs/ssh-config.md");
}

// The rows of the documentation's table of differences: "| `id` | ...".
std::set<std::string> documented_differences() {
  std::set<std::string> ids;
  for (const std::string& line : lines(documentation())) {
    if (line.starts_with("| `")) ids.insert(line.substr(3, line.find('`', 3) - 3));
  }
  return ids;
}

void compare_all(std::vector<ConfigCase> cases) {
  cases.push_back(
      {.name = "nothing", .hosts = {"standard"}, .files = {{"home/.ssh/config", ""}}, .differs = {}});
  const TempDir folder;
  const SshReference reference(folder.path(), cases);
  const SshAnswer standard = reference.answer(cases.size() - 1, "standard");
  BOOST_REQUIRE(standard.ok);
  for (std::size_t number = 0; number + 1 < cases.size(); ++number) {
    const ConfigCase& one = cases[number];
    std::string found;
    for (const std::string& host : one.hosts) {
      if (const auto here = differences(host, reference, number, standard); !here.empty())
        found += host + ": " + here;
    }
    BOOST_CHECK_MESSAGE(found.empty() || !one.differs.empty(), one.name << ":\n" << found);
    BOOST_CHECK_MESSAGE(!found.empty() || one.differs.empty() || one.may_differ,
                        one.name << " does not differ any more");
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ssh_config_against_ssh)

BOOST_AUTO_TEST_CASE(the_corpus_is_read_as_ssh_reads_it) {
  const auto cases = read_config_cases(LABCTL_CONFIG_CORPUS);
  BOOST_TEST(cases.size() >= 200);
  compare_all(cases);
}

BOOST_AUTO_TEST_CASE(generated_configurations_are_read_as_ssh_reads_them) {
  compare_all(generate_config_cases(seed, generated));
}

BOOST_AUTO_TEST_CASE(every_difference_is_documented_and_shown_by_a_case) {
  std::set<std::string> shown;
  for (const ConfigCase& one : read_config_cases(LABCTL_CONFIG_CORPUS)) {
    if (!one.differs.empty()) shown.insert(one.differs);
  }
  BOOST_TEST(shown == documented_differences(), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_option_that_is_refused_or_told_is_documented) {
  const std::string text = documentation();
  for (const ConfigOption& option : config_options()) {
    if (option.use == OptionUse::no_matter) continue;
    BOOST_CHECK_MESSAGE(text.find(std::string(option.name)) != std::string::npos, option.name);
  }
}

BOOST_AUTO_TEST_SUITE_END()
