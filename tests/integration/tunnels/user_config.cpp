#include "user_config.hpp"

#include "base/paths.hpp"
#include "base/process.hpp"

#include <fstream>

namespace labctl::test {

UserConfig::UserConfig() : host_key(read_file(bed.folder() / "host_ed25519_key.pub")) {
  std::filesystem::create_directories(config.parent_path());
}

UserConfig::~UserConfig() { std::filesystem::remove(config); }

void UserConfig::write(const std::string& line, std::uint16_t port) const {
  write_without_key(line + "\n  IdentityFile " + bed.key("ed25519").string() + "\n  IdentitiesOnly yes",
                    port);
}

void UserConfig::write_without_key(const std::string& lines, std::uint16_t port) const {
  std::ofstream(config) << "Host node-one\n  " << lines << "\n  HostName 127.0.0.1\n  Port " << port
                        << "\n  User core\n  UserKnownHostsFile " << known_hosts.string()
                        << "\n  GlobalKnownHostsFile none\n  StrictHostKeyChecking yes\n";
}

bool UserConfig::ssh_logs_in() const {
  return run({.argv = {"ssh", "-F", config.string(), "-o", "BatchMode=yes", "node-one", "true"}}, soon())
             .status == 0;
}

inventory::Node UserConfig::node() {
  return {.name = "core1", .address = "node-one", .port = 0, .user = "", .identity = {}, .known_hosts = ""};
}

std::string UserConfig::problem_of_labctl() {
  try {
    const auto probed = tunnels::probe(node(), std::nullopt, soon());
    return probed.login ? probed.login->line() : "";
  } catch (const Error& unreadable) {
    return unreadable.line();
  }
}

void UserConfig::agrees_with_ssh(const std::vector<std::string>& texts,
                                 const std::function<void(const std::string& text)>& write, int least) const {
  logs_in_where_ssh_does(texts,
                         {.write = write,
                          .ssh_logs_in = [this] { return ssh_logs_in(); },
                          .problem_of_labctl = problem_of_labctl},
                         least);
}

Deadline UserConfig::soon() { return Deadline::in(std::chrono::seconds(20)); }

void UserConfig::keygen(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"ssh-keygen", "-q"});
  run_checked({.argv = std::move(arguments)}, soon());
}

}  // namespace labctl::test
