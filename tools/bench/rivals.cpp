#include "rivals.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/process.hpp"
#include "tunnels/client.hpp"
#include "tunnels/daemon_paths.hpp"

#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>

namespace labctl::bench {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

}  // namespace

SshForward::SshForward(std::vector<std::string> argv, const std::filesystem::path& socket) {
  const UniqueFd inotify(::inotify_init1(IN_CLOEXEC));
  ::inotify_add_watch(inotify.get(), socket.parent_path().c_str(), IN_CREATE);
  std::vector<char*> raw;
  for (std::string& word : argv) raw.push_back(word.data());
  raw.push_back(nullptr);
  if (::posix_spawnp(&pid_, "ssh", nullptr, nullptr, raw.data(), environ) != 0)
    throw system_error("cannot start ssh");
  pollfd wait{inotify.get(), POLLIN, 0};
  if (!std::filesystem::exists(socket) && ::poll(&wait, 1, 10'000) != 1)
    throw Error(Kind::timeout, "ssh -L is silent");
}

SshForward::~SshForward() {
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
}

Rivals::Rivals() {
  const auto& root = folder_.path();
  ::chmod(root.c_str(), 0755);
  ::setenv("LABCTL_RUNTIME_DIR", (root / "run").c_str(), 1);
  ::setenv("HOME", root.c_str(), 1);
  for (const char* name : {"id", "host_ed25519_key"}) {
    run_checked({.argv = {"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", (root / name).string()}},
                Deadline::in(20s));
  }
  std::filesystem::copy_file(root / "id.pub", root / "authorized_keys");
  std::ofstream known(root / "known_hosts");
  inventory_.name = "bench";
  for (std::size_t number = 0; number < all; ++number) {
    const std::vector<std::string> chacha{"-o", "Ciphers=chacha20-poly1305@openssh.com"};
    nodes_.push_back(std::make_unique<test::SshNode>(
        root, test::free_port(), number == with_chacha ? chacha : std::vector<std::string>()));
    ports_.push_back(nodes_.back()->port());
    if (number == at_20_ms || number == at_80_ms) {
      delays_.push_back(std::make_unique<test::DelayedPort>(ports_.back(), number == at_20_ms ? 20ms : 80ms));
      ports_.back() = delays_.back()->port();
    }
    known << "[127.0.0.1]:" << ports_.back() << " " << read_file(root / "host_ed25519_key.pub");
    inventory::Node node;
    node.name = name(number);
    node.address = "127.0.0.1";
    node.port = ports_.back();
    node.user = "core";
    node.identity = root / "id";
    node.known_hosts = root / "known_hosts";
    inventory_.nodes.push_back(node);
    const auto local = Endpoint::unix_socket(ours(number).string());
    inventory_.forwards.push_back(
        {"http_" + node.name, {node.name}, local, {"127.0.0.1", server_.port(), {}}});
  }
}

Rivals::~Rivals() { tunnels::down(inventory_); }

std::vector<std::string> Rivals::ssh(std::size_t node, std::vector<std::string> more) const {
  std::vector<std::string> argv{"ssh",
                                "-F",
                                "none",
                                "-i",
                                (folder_ / "id").string(),
                                "-o",
                                "UserKnownHostsFile=" + (folder_ / "known_hosts").string(),
                                "-o",
                                "BatchMode=yes",
                                "-p",
                                std::to_string(ports_[node])};
  argv.insert(argv.end(), more.begin(), more.end());
  argv.emplace_back("core@127.0.0.1");
  return argv;
}

double Rivals::login_of_ssh() const {
  auto argv = ssh(0, {});
  argv.emplace_back("true");
  const auto begin = Clock::now();
  run_checked({.argv = argv}, Deadline::in(20s));
  return seconds_since(begin);
}

double Rivals::start_of_labctl() {
  auto four = inventory_;
  four.nodes.resize(usual);
  four.forwards.resize(usual);
  const auto begin = Clock::now();
  tunnels::up(four, {.nodes = {}, .program = LABCTL_PROGRAM});
  const double took = seconds_since(begin);
  tunnels::down(four);
  return took;
}

void Rivals::start() {
  tunnels::up(inventory_, {.nodes = {}, .program = LABCTL_PROGRAM});
  for (std::size_t node = 0; node < nodes_.size(); ++node) {
    const auto end = fmt::format("{}:127.0.0.1:{}", theirs(node).string(), server_.port());
    forwards_.push_back(std::make_unique<SshForward>(ssh(node, {"-N", "-L", end}), theirs(node)));
  }
}

pid_t Rivals::our_daemon() const {
  return std::stoi(read_file(tunnels::DaemonPaths::of(inventory_.name).lock));
}

std::vector<pid_t> Rivals::their_processes() const {
  std::vector<pid_t> pids;
  for (const auto& forward : forwards_) pids.push_back(forward->pid());
  return pids;
}

}  // namespace labctl::bench
