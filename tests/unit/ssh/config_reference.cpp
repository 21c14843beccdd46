#include "config_reference.hpp"

#include "base/paths.hpp"
#include "base/process.hpp"
#include "base/text.hpp"

#include <glob.h>
#include <unistd.h>

#include <array>
#include <fstream>

namespace labctl::test {
namespace {

namespace fs = std::filesystem;

// Runs as root, possibly of a user namespace only; $1 is the folder. `ssh -v` prints the key files when it
// has a connection; a command that ends at once is enough for that.
constexpr const char* script = R"(
cd "$1" || exit 1
for number in *; do
  mount --bind "$number/home" /root && mount --bind "$number/etc" /etc/ssh || exit 1
  while read -r host; do
    ssh -G "$host" >"$number/out.$host" 2>"$number/error.$host" </dev/null
    echo $? >"$number/status.$host"
    if [ -e "$number/keys" ]; then
      ssh -v -o ProxyCommand=false -o BatchMode=yes "$host" true </dev/null 2>"$number/keys.$host" || :
    fi
  done <"$number/hosts"
  umount /etc/ssh && umount /root || exit 1
done
)";

const std::map<std::string, std::string>& variables() {
  static const std::map<std::string, std::string> all{{"HOME", "/root"},
                                                      {"KEYS", "/run/keys"},
                                                      {"KEYS_SOCK", "/run/keys.sock"},
                                                      {"PERCENT", "%h"},
                                                      {"WORD", "word"}};
  return all;
}

// "debug1: WHAT file PATH type -1"
std::vector<std::string> named_files(const std::string& text, const std::string& what) {
  const std::string before = "debug1: " + what + " file ";
  std::vector<std::string> files;
  for (const std::string& line : lines(text)) {
    const auto end = line.rfind(" type ");
    if (!line.starts_with(before) || end == std::string::npos) continue;
    const std::string file = line.substr(before.size(), end - before.size());
    // ssh looks for a certificate beside each key; skip it.
    if (files.empty() || file != files.back() + "-cert") files.push_back(file);
  }
  return files;
}

}  // namespace

SshReference::SshReference(const fs::path& folder, const std::vector<ConfigCase>& cases) : folder_(folder) {
  for (std::size_t number = 0; number < cases.size(); ++number) {
    const ConfigCase& one = cases[number];
    fs::create_directories(place(number) / "etc");
    for (const auto& [name, text] : one.files) {
      fs::create_directories((place(number) / name).parent_path());
      std::ofstream(place(number) / name) << text;
      const std::string lowered = lower(text);
      if (lowered.find("identityfile") != std::string::npos ||
          lowered.find("certificatefile") != std::string::npos) {
        std::ofstream(place(number) / "keys");
      }
    }
    std::ofstream(place(number) / "hosts") << join(one.hosts, "\n") << "\n";
  }
  Command command{.argv = {"unshare", "--mount", "sh", "-c", script, "sh", folder.string()},
                  .input = {},
                  .directory = {},
                  .environment = {},
                  .drop_environment = {"SSH_AUTH_SOCK", "NOT_SET"}};
  if (::geteuid() != 0) command.argv.insert(command.argv.begin() + 1, "--map-root-user");
  for (const auto& [name, value] : variables()) command.environment.push_back(name + "=" + value);
  run_checked(command, Deadline::in(std::chrono::minutes(5)));
}

SshAnswer SshReference::answer(std::size_t number, const std::string& host) const {
  SshAnswer answer;
  answer.ok = trim(read_file(place(number) / ("status." + host))) == "0";
  answer.error = read_file(place(number) / ("error." + host));
  for (const std::string& line : lines(read_file(place(number) / ("out." + host)))) {
    const auto blank = line.find(' ');
    answer.values[lower(line.substr(0, blank))].push_back(
        blank == std::string::npos ? std::string{} : line.substr(blank + 1));
  }
  if (const auto keys = place(number) / ("keys." + host); fs::exists(keys)) {
    answer.asked_for_keys = true;
    answer.identities = named_files(read_file(keys), "identity");
    answer.certificates = named_files(read_file(keys), "certificate");
  }
  return answer;
}

ssh::ConfigSurroundings SshReference::surroundings(std::size_t number) const {
  // Maps "/root/x" to home/x of the case, and "/etc/ssh/x" to its etc/x.
  const auto there = [at = place(number)](const fs::path& path) -> fs::path {
    const std::string text = path.lexically_normal().string();
    if (text.starts_with("/root/")) return at / "home" / text.substr(6);
    if (text.starts_with("/etc/ssh/")) return at / "etc" / text.substr(9);
    return "/nonexistent" + text;
  };
  const auto back = [at = place(number)](const fs::path& path) -> fs::path {
    const std::string text = path.string();
    const std::string home = (at / "home").string();
    if (text.starts_with(home)) return "/root" + text.substr(home.size());
    return "/etc/ssh" + text.substr((at / "etc").string().size());
  };
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  ssh::ConfigSurroundings here = ssh::real_surroundings();
  here.home = "/root";
  here.user_file = "/root/.ssh/config";
  here.user = "root";
  here.uid = 0;
  here.environment = [](const std::string& variable) -> std::optional<std::string> {
    const auto found = variables().find(variable);
    return found == variables().end() ? std::nullopt : std::optional(found->second);
  };
  here.read = [there](const fs::path& path, bool) -> std::optional<std::string> {
    if (!fs::is_regular_file(there(path))) return std::nullopt;
    return read_file(there(path));
  };
  here.glob = [there, back, real = here.glob](const fs::path& pattern) {
    std::vector<fs::path> found;
    for (const auto& path : real(there(pattern))) found.push_back(back(path));
    return found;
  };
  return here;
}

std::vector<std::string> SshReference::query(const std::string& what) {
  return lines(run_checked({.argv = {"ssh", "-Q", what}}, Deadline::in(std::chrono::seconds(30))));
}

}  // namespace labctl::test
