// Probes of what makes other clients on this machine miss the tunnels.
#include "doctor/rules/environment.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "doctor/probes.hpp"
#include "tunnels/node_login.hpp"

#include <unistd.h>

#include <charconv>
#include <cstdlib>

namespace labctl::doctor {
namespace {

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : std::string(line.substr(0, line.find('#'))) + " ") {
    if (c != ' ' && c != '\t' && c != '\r') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  return words;
}

bool is_shell(const std::string& shell) {
  return !shell.ends_with("/nologin") && !shell.ends_with("/false") && !shell.ends_with("/sync");
}

}  // namespace

std::vector<HostsEntry> read_hosts(std::string_view text, const std::string& inventory) {
  std::vector<HostsEntry> entries;
  bool ours = false;
  for (const auto& line : lines(text)) {
    if (trim(line) == "# labctl " + inventory + ": begin") ours = true;
    if (trim(line) == "# labctl " + inventory + ": end") ours = false;
    const auto words = words_of(line);
    for (std::size_t n = 1; n < words.size(); ++n) entries.push_back({words[0], words[n], ours});
  }
  return entries;
}

std::vector<std::string> people_in(std::string_view passwd, unsigned uid) {
  constexpr unsigned first_person = 1000, nobody = 65534;  // login.defs; Debian policy 9.2
  std::vector<std::string> people;
  for (const auto& line : lines(passwd)) {
    const auto fields = split(line, ':');
    if (fields.size() < 7) continue;
    unsigned id = 0;
    const auto& number = fields[2];
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), id);
    if (error != std::errc() || end != number.data() + number.size()) continue;
    if (id >= first_person && id < nobody && id != uid && is_shell(fields[6])) people.push_back(fields[0]);
  }
  return people;
}

std::vector<ProbeTask> environment_tasks(const inventory::Inventory& inventory, Observations& seen) {
  return {[&seen, &inventory](Deadline) {
    for (const auto* variable : client_variables) {
      const char* value = std::getenv(variable);
      if (value != nullptr && *value != '\0') seen.machine.environment[variable] = value;
    }
    seen.machine.hosts_file = read_hosts(read_or_nothing("/etc/hosts"), inventory.name);
    seen.machine.other_users = people_in(read_or_nothing("/etc/passwd"), ::geteuid());
    try {
      seen.machine.ssh_config_notes = tunnels::config_notes(inventory.nodes);
    } catch (const Error&) {
      // An ssh configuration that ssh rejects too: each login reports it.
    }
  }};
}

}  // namespace labctl::doctor
