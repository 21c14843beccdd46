#include "agent.hpp"

#include "base/deadline.hpp"
#include "base/paths.hpp"
#include "consul/client.hpp"
#include "support/free_port.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace labctl::test {

std::optional<std::string> consul_program() {
  std::istringstream path(std::getenv("PATH") != nullptr ? std::getenv("PATH") : "");
  std::vector<std::filesystem::path> places;
  for (std::string folder; std::getline(path, folder, ':');) places.emplace_back(folder);
  places.push_back(cache_dir() / "bin");
  for (const auto& place : places) {
    const auto file = place / "consul";
    if (::access(file.c_str(), X_OK) == 0) return file.string();
  }
  return std::nullopt;
}

ConsulAgent::ConsulAgent(const std::vector<std::string>& settings, const Secret& token) : port_(free_port()) {
  const auto number = [] { return std::to_string(free_port()); };
  std::vector<std::string> argv{*consul_program(),
                                "agent",
                                "-dev",
                                "-node=test",
                                "-bind=127.0.0.1",
                                "-client=127.0.0.1",
                                "-http-port=" + std::to_string(port_),
                                "-dns-port=-1",
                                "-grpc-port=-1",
                                "-grpc-tls-port=-1",
                                "-server-port=" + number(),
                                "-serf-lan-port=" + number(),
                                "-serf-wan-port=" + number(),
                                "-data-dir=" + dir_.path().string()};
  for (const auto& setting : settings) argv.insert(argv.end(), {"-hcl", setting});
  std::vector<char*> words;
  for (auto& word : argv) words.push_back(word.data());
  words.push_back(nullptr);

  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  output_.reset(ends[0]);
  UniqueFd write_end(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, write_end.get(), 1);
  posix_spawn_file_actions_adddup2(&actions, write_end.get(), 2);
  const int code = ::posix_spawn(&pid_, words[0], &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  write_end.reset();  // so that the output ends with the agent
  if (code != 0) throw std::runtime_error("consul does not start");
  // A leader makes its tokens after its election, and adds the members to the catalog after that.
  await_line("member joined, marking health alive");
  await_member(token);
}

ConsulAgent::~ConsulAgent() {
  ::kill(pid_, SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
}

Endpoint ConsulAgent::server() const { return {"127.0.0.1", port_, {}}; }

void ConsulAgent::await_member(const Secret& token) {
  consul::Client client(server(), token);
  const auto deadline = Deadline::in(std::chrono::seconds{60});
  auto servers = client.catalog_service("consul", consul::Blocking{0}, deadline);
  while (servers.value.empty() && !deadline.passed())
    servers = client.catalog_service("consul", consul::Blocking{servers.index}, deadline);
  if (servers.value.empty()) throw std::runtime_error("the agent is not in the catalog");
}

void ConsulAgent::await_line(const std::string& words) {
  const auto deadline = Deadline::in(std::chrono::seconds{60});
  std::string seen;
  while (seen.find(words) == std::string::npos) {
    pollfd wait{output_.get(), POLLIN, 0};
    std::array<char, 4096> bytes;
    if (::poll(&wait, 1, static_cast<int>(deadline.left().count())) <= 0)
      throw std::runtime_error("not ready:\n" + seen);
    const ssize_t count = ::read(output_.get(), bytes.data(), bytes.size());
    if (count <= 0) throw std::runtime_error("consul ended:\n" + seen);
    seen.append(bytes.data(), static_cast<std::size_t>(count));
  }
  // The output is not read any more; a full pipe must not block the agent.
  ::fcntl(output_.get(), F_SETPIPE_SZ, 1 << 20);
}

}  // namespace labctl::test
