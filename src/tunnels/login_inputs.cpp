#include "tunnels/login_inputs.hpp"

#include "ssh/agent.hpp"

#include <sys/stat.h>

#include <set>

namespace labctl::tunnels {
namespace {

namespace fs = std::filesystem;

constexpr auto agent_limit = std::chrono::seconds(2);

void add_file(std::string& text, const fs::path& path) {
  struct stat found {};
  text += path.string() + '\0';
  if (::stat(path.c_str(), &found) != 0) return;
  // The time of change also shows chmod and a replaced file.
  for (const auto number :
       {static_cast<long long>(found.st_ino), static_cast<long long>(found.st_size),
        static_cast<long long>(found.st_ctim.tv_sec), static_cast<long long>(found.st_ctim.tv_nsec)})
    text += std::to_string(number) + ' ';
}

asio::awaitable<std::string> keys_of(fs::path socket) {
  std::string text;
  try {
    auto agent = co_await ssh::Agent::connect(socket);
    if (!agent) co_return text;
    const Deadline deadline = Deadline::in(agent_limit);
    const auto keys = co_await agent->keys(deadline);
    for (const auto& key : keys) text += std::to_string(key.blob.size()) + ':' + key.blob;
  } catch (const std::exception&) {
    // As without an agent: the login itself reports why.
  }
  co_return text;
}

}  // namespace

std::string login_files(const ssh::Target& target) {
  std::string text;
  for (const auto& path : target.identities) {
    add_file(text, path);
    add_file(text, path.string() + ".pub");
    add_file(text, path.string() + "-cert.pub");
  }
  for (const auto& path : target.certificates) add_file(text, path);
  for (const auto& path : target.known_hosts) add_file(text, path);
  for (const ssh::Target& jump : target.jumps) text += login_files(jump);
  return text;
}

asio::awaitable<std::string> agent_keys(ssh::Target target) {
  std::set<fs::path> sockets{target.agent_socket};
  for (const ssh::Target& jump : target.jumps) sockets.insert(jump.agent_socket);
  std::string text;
  for (const fs::path& socket : sockets) {
    if (socket.empty()) continue;
    const std::string keys = co_await keys_of(socket);
    if (!keys.empty()) text += socket.string() + '\0' + keys + '\0';
  }
  co_return text;
}

}  // namespace labctl::tunnels
