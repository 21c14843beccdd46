// Measures labctl's tunnels against OpenSSH's in the same minutes on the same real sshds, and prints the
// medians of all rounds with their ratios.
//
//   bench_tunnels [--json FILE] [--only TEXT] [ROUNDS]        default: 9 rounds, about six minutes
//
// --only: only the figures with TEXT in their name.
// Needs root and the cached node root, as the integration tests; aims at loopback only. A busy machine gives
// no figures.

#include "base/error.hpp"
#include "figures.hpp"
#include "http_load.hpp"
#include "rivals.hpp"

#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <future>
#include <numeric>
#include <optional>
#include <string_view>
#include <thread>

using namespace labctl;
using namespace labctl::bench;
using namespace std::chrono_literals;

namespace {

using Socket = std::function<std::filesystem::path(std::size_t node)>;

constexpr std::uint64_t stream_size = 300'000'000;
// The windows of SSH limit such a stream to some 25 MB/s at 80 ms.
constexpr std::uint64_t far_stream_size = 40'000'000;

double cpu_seconds_of(const std::vector<pid_t>& pids) {
  return std::accumulate(pids.begin(), pids.end(), 0.0,
                         [](double sum, pid_t pid) { return sum + cpu_seconds(pid); });
}

class Bench {
public:
  Bench(std::size_t rounds, std::string only) : rounds_(rounds), only_(std::move(only)) {}

  std::vector<Figure> run() {
    fmt::print("{}\n", header());
    paired(
        "tunnels up (4 nodes) : ssh login", "s", [&] { return rivals_.start_of_labctl(); },
        [&] { return rivals_.login_of_ssh(); });
    rivals_.start();
    both("one stream, down", "MB/s", [](const Socket& socket) { return download(socket(0), stream_size); });
    both("one stream, up", "MB/s", [](const Socket& socket) { return upload(socket(0), stream_size); });
    both("one stream, down, chacha20 only", "MB/s",
         [](const Socket& socket) { return download(socket(Rivals::with_chacha), stream_size); });
    both("one stream, up, chacha20 only", "MB/s",
         [](const Socket& socket) { return upload(socket(Rivals::with_chacha), stream_size); });
    both("four nodes at once, down, together", "MB/s", four_streams);
    far("20 ms away", Rivals::at_20_ms);
    far("80 ms away", Rivals::at_80_ms);
    requests("requests, 1 connection", 1, false);
    requests("requests, 64 connections", 64, false);
    requests("new connections, 16 at a time", 16, true);
    cpu();
    memory_and_idle();
    return figures_;
  }

private:
  void add(Figure figure) {
    fmt::print("{}\n", row(figure));
    std::fflush(stdout);
    figures_.push_back(std::move(figure));
  }

  bool wanted(const std::string& what) const { return what.find(only_) != std::string::npos; }

  void paired(const std::string& what, const std::string& unit, const std::function<double()>& ours,
              const std::function<double()>& theirs) {
    if (!wanted(what)) return;
    std::vector<double> a, b;
    for (std::size_t i = 0; i < rounds_; ++i) {
      // Whoever is second has a warmer or a hotter machine, so they take turns.
      if (i % 2 == 0) a.push_back(ours());
      b.push_back(theirs());
      if (i % 2 != 0) a.push_back(ours());
    }
    add({what, unit, median(a), median(b)});
  }

  void both(const std::string& what, const std::string& unit,
            const std::function<double(const Socket&)>& measure) {
    paired(
        what, unit, [&] { return measure([&](std::size_t node) { return rivals_.ours(node); }); },
        [&] { return measure([&](std::size_t node) { return rivals_.theirs(node); }); });
  }

  static double four_streams(const Socket& socket) {
    const auto begin = std::chrono::steady_clock::now();
    std::vector<std::future<double>> streams;
    for (std::size_t node = 0; node < Rivals::usual; ++node) {
      streams.push_back(std::async(std::launch::async, download, socket(node), stream_size / 2));
    }
    for (auto& stream : streams) stream.get();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    return static_cast<double>(Rivals::usual * stream_size / 2) / 1e6 / took.count();
  }

  void far(const std::string& where, std::size_t node) {
    both("one stream, down, " + where, "MB/s",
         [=](const Socket& socket) { return download(socket(node), far_stream_size); });
    both("one stream, up, " + where, "MB/s",
         [=](const Socket& socket) { return upload(socket(node), far_stream_size); });
    both("new connections, 1 at a time, " + where, "/s",
         [=](const Socket& socket) { return load(socket(node), 1, true, 2s).per_second; });
  }

  void requests(const std::string& what, std::size_t connections, bool fresh) {
    both(what, "/s",
         [&](const Socket& socket) { return load(socket(0), connections, fresh, 1500ms).per_second; });
  }

  // For a download, the CPU time of both ends.
  void cpu() {
    const auto used = [&](const std::vector<pid_t>& pids, const std::filesystem::path& socket) {
      const double before = cpu_seconds_of(pids);
      download(socket, stream_size);
      return (cpu_seconds_of(pids) - before) / (static_cast<double>(stream_size) / 1e9);
    };
    paired(
        "CPU of the client for a GB, down", "s/GB",
        [&] { return used({rivals_.our_daemon()}, rivals_.ours(0)); },
        [&] { return used({rivals_.their_processes().front()}, rivals_.theirs(0)); });
    paired(
        "CPU of sshd for a GB, down", "s/GB", [&] { return used(rivals_.sshd(0), rivals_.ours(0)); },
        [&] { return used(rivals_.sshd(0), rivals_.theirs(0)); });
  }

  // labctl has one process for all nodes. ssh has one for each.
  void memory_and_idle() {
    const std::string memory = "memory of the clients", idle = "CPU of idle clients";
    if (!wanted(memory) && !wanted(idle)) return;
    const auto pids = rivals_.their_processes();
    const double resident = std::accumulate(pids.begin(), pids.end(), 0.0,
                                            [](double sum, pid_t pid) { return sum + resident_mb(pid); });
    add({memory, "MB", resident_mb(rivals_.our_daemon()), resident});
    const double ours = cpu_seconds(rivals_.our_daemon()), theirs = cpu_seconds_of(pids);
    constexpr auto pause = 20s;
    std::this_thread::sleep_for(pause);
    const double share = 1000.0 / static_cast<double>(pause.count());
    add({idle, "ms/s", (cpu_seconds(rivals_.our_daemon()) - ours) * share,
         (cpu_seconds_of(pids) - theirs) * share});
  }

  Rivals rivals_;
  std::size_t rounds_;
  std::string only_;
  std::vector<Figure> figures_;
};

}  // namespace

int main(int argc, char** argv) {
  try {
    if (const std::string missing = test::missing_for_ssh_nodes(); !missing.empty()) {
      throw Error(Kind::unavailable, "needs " + missing);
    }
    std::size_t rounds = 9;
    std::optional<std::string> json;
    std::string only;
    for (int i = 1; i < argc; ++i) {
      if (std::string_view(argv[i]) == "--json" && i + 1 < argc) {
        json = argv[++i];
      } else if (std::string_view(argv[i]) == "--only" && i + 1 < argc) {
        only = argv[++i];
      } else {
        rounds = std::strtoul(argv[i], nullptr, 10);
      }
    }
    if (rounds == 0) throw Error(Kind::usage, "ROUNDS must be a number from 1");
    const auto figures = Bench(rounds, only).run();
    if (json) write_json(*json, figures, rounds);
  } catch (const Error& error) {
    fmt::print(stderr, "bench: {}\n", error.line());
    return 2;
  }
  return 0;
}
