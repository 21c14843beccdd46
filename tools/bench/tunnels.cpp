// Measures labctl's tunnels against OpenSSH's in the same minutes on the same real sshds, and prints the
// ratios.
//
//   bench_tunnels [ROUNDS]
//
// Needs root and the cached node root, as the integration tests; aims at loopback only.

#include "../../tests/integration/tunnels/ssh_node.hpp"
#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/process.hpp"
#include "http_load.hpp"
#include "support/temp_dir.hpp"
#include "tunnels/client.hpp"

#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>

using namespace labctl;
using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

void row(const std::string& what, const std::string& unit, double ours, double theirs) {
  fmt::print("{:<34} {:>10.2f} {:>10.2f} {:<6} {:>6.2f}\n", what, ours, theirs, unit, ours / theirs);
}

// `ssh -N -L`, until it is destroyed.
class SshForward {
public:
  SshForward(std::vector<std::string> argv, const std::filesystem::path& socket) {
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
  ~SshForward() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
  }
  SshForward(const SshForward&) = delete;
  SshForward& operator=(const SshForward&) = delete;

private:
  pid_t pid_ = -1;
};

class Bench {
public:
  explicit Bench(std::size_t rounds) : rounds_(rounds) {
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
    for (int number = 1; number <= 4; ++number) {
      nodes_.push_back(std::make_unique<test::SshNode>(root, test::free_port()));
      known << "[127.0.0.1]:" << nodes_.back()->port() << " " << read_file(root / "host_ed25519_key.pub");
      inventory::Node node;
      node.name = fmt::format("core{}", number);
      node.address = "127.0.0.1";
      node.port = nodes_.back()->port();
      node.user = "core";
      node.identity = root / "id";
      node.known_hosts = root / "known_hosts";
      inventory_.nodes.push_back(node);
      const auto local = Endpoint::unix_socket((root / fmt::format("run/bench/{}.sock", node.name)).string());
      const Endpoint remote{"127.0.0.1", server_.port(), {}};
      inventory_.forwards.push_back({"http_" + node.name, {node.name}, local, remote});
    }
  }
  ~Bench() { tunnels::down(inventory_); }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  void run() {
    fmt::print("{:<34} {:>10} {:>10} {:<6} {:>6}\n", "", "labctl", "ssh", "", "ratio");
    logins();
    tunnels::up(inventory_, {.nodes = {}, .program = LABCTL_PROGRAM});
    const auto ours = std::filesystem::path(inventory_.forwards[0].local.path);
    const auto theirs = folder_ / "ssh.sock";
    const SshForward forward(
        ssh({"-N", "-L", fmt::format("{}:127.0.0.1:{}", theirs.string(), server_.port())}), theirs);
    streams(ours, theirs);
    requests("req/s, 1 connection", ours, theirs, 1, false);
    requests("req/s, 64 connections", ours, theirs, 64, false);
    requests("new connections/s, 16 at a time", ours, theirs, 16, true);
  }

private:
  std::vector<std::string> ssh(std::vector<std::string> more) const {
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
                                  std::to_string(nodes_[0]->port())};
    argv.insert(argv.end(), more.begin(), more.end());
    argv.emplace_back("core@127.0.0.1");
    return argv;
  }

  void logins() {
    std::vector<double> ours, theirs;
    for (std::size_t i = 0; i < rounds_; ++i) {
      auto argv = ssh({});
      argv.emplace_back("true");
      auto begin = Clock::now();
      run_checked({.argv = argv}, Deadline::in(20s));
      theirs.push_back(seconds_since(begin));
      begin = Clock::now();
      tunnels::up(inventory_, {.nodes = {}, .program = LABCTL_PROGRAM});
      ours.push_back(seconds_since(begin));
      tunnels::down(inventory_);
    }
    row("tunnels up (4 nodes) : ssh login", "s", median(ours), median(theirs));
  }

  void streams(const std::filesystem::path& ours, const std::filesystem::path& theirs) {
    std::vector<double> a, b;
    for (std::size_t i = 0; i < rounds_; ++i) {
      a.push_back(bench::throughput(ours, 300'000'000));
      b.push_back(bench::throughput(theirs, 300'000'000));
    }
    row("one stream", "MB/s", median(a), median(b));
  }

  void requests(const std::string& what, const std::filesystem::path& ours,
                const std::filesystem::path& theirs, std::size_t connections, bool fresh) {
    std::vector<double> a, b;
    std::chrono::microseconds p50_a{0}, p50_b{0};
    for (std::size_t i = 0; i < rounds_; ++i) {
      const auto one = bench::load(ours, connections, fresh, 1500ms);
      const auto two = bench::load(theirs, connections, fresh, 1500ms);
      a.push_back(one.per_second);
      b.push_back(two.per_second);
      p50_a = one.median;
      p50_b = two.median;
    }
    row(what, "/s", median(a), median(b));
    row("  median time", "us", static_cast<double>(p50_a.count()), static_cast<double>(p50_b.count()));
  }

  test::TempDir folder_;
  bench::HttpServer server_;
  std::vector<std::unique_ptr<test::SshNode>> nodes_;
  inventory::Inventory inventory_;
  std::size_t rounds_;
};

}  // namespace

int main(int argc, char** argv) {
  try {
    if (const std::string missing = test::missing_for_ssh_nodes(); !missing.empty()) {
      throw Error(Kind::unavailable, "needs " + missing);
    }
    Bench(argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 5).run();
  } catch (const Error& error) {
    fmt::print(stderr, "bench: {}\n", error.line());
    return 2;
  }
  return 0;
}
