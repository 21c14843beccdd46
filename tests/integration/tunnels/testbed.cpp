#include "testbed.hpp"

#include "base/paths.hpp"
#include "base/process.hpp"
#include "tunnels/daemon_paths.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include <cstdlib>
#include <fstream>

namespace labctl::test {
namespace {

// "/big/N" sends N bytes, "/echo" sends back what follows the request, any other path `body`.
FakeServer::Handler serve(std::string body) {
  return [body = std::move(body)](const FakeRequest& request, const FakeConnection& connection) {
    if (request.target.starts_with("/big/")) {
      std::size_t left = std::stoul(request.target.substr(5));
      connection.write(fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", left));
      std::string block(65536, 'x');
      for (; left > 0; left -= std::min(left, block.size())) {
        connection.write(std::string_view(block).substr(0, std::min(left, block.size())));
      }
      return false;
    }
    if (request.target == "/hang") {
      connection.wait_closed();
      return false;
    }
    connection.reply(200, body);
    return request.head.find("HTTP/1.0") == std::string::npos;
  };
}

void make_key(const std::filesystem::path& path, const std::string& type, const std::string& passphrase = "",
              const std::string& format = "RFC4716") {
  // The size matters for RSA only.
  run_checked({.argv = {"ssh-keygen", "-q", "-t", type, "-b", type == "rsa" ? "2048" : "256", "-m", format,
                        "-N", passphrase, "-C", path.filename().string(), "-f", path.string()}},
              Deadline::in(std::chrono::seconds(60)));
}

}  // namespace

Testbed& Testbed::get() {
  static Testbed bed;
  return bed;
}

Testbed::Testbed() : consul_port_(0) {
  const auto& root = folder_.path();
  // The nodes' user core needs access to the sockets below this folder.
  ::chmod(root.c_str(), 0755);
  std::filesystem::create_directory(root / "keys");
  std::filesystem::create_directory(root / "home");
  std::filesystem::create_directory(root / "remote");
  ::setenv("LABCTL_RUNTIME_DIR", (root / "run").c_str(), 1);
  ::setenv("HOME", (root / "home").c_str(), 1);
  ::unsetenv("SSH_AUTH_SOCK");
  for (const char* type : {"ed25519", "rsa", "ecdsa"}) make_key(key(type), type);
  make_key(key("stranger"), "ed25519");
  make_key(key("encrypted"), "ed25519", "secret");
  make_key(key("locked_stranger"), "ed25519", "secret");
  make_key(key("locked_pem"), "ecdsa", "secret", "PEM");
  make_key(root / "host_ed25519_key", "ed25519");
  std::ofstream authorized(root / "authorized_keys");
  for (const char* name : {"ed25519", "rsa", "ecdsa", "encrypted", "locked_pem"}) {
    authorized << read_file(key(name).string() + ".pub");
  }
  authorized.close();
  // A name that the nodes can resolve and this machine cannot.
  std::ofstream(root / "hosts") << "127.0.0.1 localhost behind.lab\n";
  consul_ = std::make_unique<FakeServer>(serve("\"10.0.0.1:8300\""));
  for (int number = 1; number <= 2; ++number) {
    const auto path = root / fmt::format("remote/docker{}.sock", number);
    dockers_.push_back(std::make_unique<FakeServer>(serve("OK"), path.string()));
    ::chmod(path.c_str(), 0666);
    nodes_.push_back(std::make_unique<SshNode>(root, free_port()));
  }
  consul_port_ = free_port();
}

void Testbed::write_known_hosts() const {
  const std::string key = read_file(folder_ / "host_ed25519_key.pub");
  std::ofstream file(folder_ / "known_hosts");
  for (const auto& node : nodes_) file << fmt::format("[127.0.0.1]:{} {}", node->port(), key);
}

void Testbed::trust(std::uint16_t port) const {
  std::ofstream(folder() / "known_hosts", std::ios::app)
      << fmt::format("[127.0.0.1]:{} {}", port, read_file(folder() / "host_ed25519_key.pub"));
}

inventory::Inventory Testbed::inventory() const {
  inventory::Inventory result;
  result.name = "bed";
  result.forwards.push_back({"consul",
                             {},
                             {"127.0.0.1", consul_port_, {}},
                             {"localhost", consul_->address().port, {}},
                             inventory::Forward::Kind::consul});
  for (int number = 1; number <= 2; ++number) {
    inventory::Node node;
    node.name = fmt::format("core{}", number);
    node.address = "127.0.0.1";
    node.port = nodes_[static_cast<std::size_t>(number - 1)]->port();
    node.user = "core";
    node.identity = key("ed25519");
    node.known_hosts = folder_ / "known_hosts";
    result.nodes.push_back(node);
    result.forwards[0].via.push_back(node.name);
    result.forwards.push_back(
        {"docker_" + node.name,
         {node.name},
         Endpoint::unix_socket((runtime() / fmt::format("docker_{}.sock", node.name)).string()),
         Endpoint::unix_socket((folder_ / fmt::format("remote/docker{}.sock", number)).string()),
         inventory::Forward::Kind::docker});
  }
  return result;
}

Case::Case() : inventory(bed.inventory()) {
  bed.write_known_hosts();
  tunnels::down(inventory);
}

Case::~Case() { tunnels::down(bed.inventory()); }

std::vector<tunnels::Problem> Case::problems() {
  try {
    up();
  } catch (const tunnels::UpFailed& failed) {
    return failed.problems();
  }
  BOOST_FAIL("up() should have failed");
  return {};
}

tunnels::Problem Case::problem() {
  const auto all = problems();
  BOOST_REQUIRE_EQUAL(all.size(), 1);
  return all.front();
}

tunnels::Status Case::wait_status(const std::function<bool(const tunnels::Status&)>& fits) {
  const Deadline deadline = Deadline::in(std::chrono::seconds(20));
  std::uint64_t revision = 0;
  while (true) {
    const auto status = tunnels::status(inventory.name, revision, std::chrono::seconds(1));
    BOOST_REQUIRE(status);
    if (fits(*status)) return *status;
    BOOST_REQUIRE_MESSAGE(!deadline.passed(), "the daemon's status never became what was awaited");
    revision = status->revision;
  }
}

std::filesystem::path Case::inventory_file(const std::filesystem::path& identity) const {
  const auto file = bed.folder() / "core1.yaml";
  std::ofstream(file) << "version: 1\nname: bed\nnodes:\n  core1: {address: 127.0.0.1, user: core, port: "
                      << inventory.nodes[0].port << ", identity: " << identity.string()
                      << ", known_hosts: " << inventory.nodes[0].known_hosts.string()
                      << "}\nconsul: {remote: \"" << to_string(inventory.forwards[0].remote)
                      << "\", local: \"" << to_string(inventory.forwards[0].local)
                      << "\"}\ndocker: {remote: " << inventory.forwards[1].remote.path << "}\n";
  return file;
}

void Case::use_node(std::vector<std::string> options) {
  node.emplace(bed.folder(), free_port(), std::move(options));
  std::ofstream(bed.folder() / "known_hosts", std::ios::app)
      << fmt::format("[127.0.0.1]:{} {}", node->port(), read_file(bed.folder() / "host_ed25519_key.pub"));
  inventory.nodes[0].port = node->port();
}

void Case::kill_node(const std::string& forward) {
  node->kill();
  wait_status(
      [&](const auto& now) { return test::forward(now, forward).state == tunnels::ForwardState::down; });
}

void Case::start_node(const std::string& forward) {
  node->start();
  wait_status(
      [&](const auto& now) { return test::forward(now, forward).state == tunnels::ForwardState::up; });
}

pid_t Case::daemon_pid() { return std::stoi(read_file(tunnels::DaemonPaths::of(inventory.name).lock)); }

int connect_to(const Endpoint& end) {
  const bool tcp = !end.is_unix_socket();
  UniqueFd fd(::socket(tcp ? AF_INET : AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  int result = 0;
  if (tcp) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(end.port);
    ::inet_pton(AF_INET, end.host.c_str(), &address.sin_addr);
    result = ::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address);
  } else {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    end.path.copy(address.sun_path, sizeof address.sun_path - 1);
    result = ::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address);
  }
  return result == 0 ? fd.release() : -errno;
}

Answer get(const Endpoint& end, const std::string& target) {
  Answer answer;
  const int fd = connect_to(end);
  if (fd < 0) {
    answer.error = -fd;
    return answer;
  }
  const UniqueFd owner(fd);
  const std::string request = "GET " + target + " HTTP/1.0\r\nHost: x\r\n\r\n";
  ::send(fd, request.data(), request.size(), MSG_NOSIGNAL);
  const Deadline deadline = Deadline::in(std::chrono::seconds(20));
  std::vector<char> buffer(65536);
  while (true) {
    pollfd wait{fd, POLLIN, 0};
    if (::poll(&wait, 1, static_cast<int>(deadline.left().count())) <= 0) {
      answer.error = ETIMEDOUT;
      break;
    }
    const ssize_t count = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (count < 0) answer.reset = true;
    if (count <= 0) break;
    answer.text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return answer;
}

void logs_in_where_ssh_does(const std::vector<std::string>& texts, const LoginWithFile& login, int least) {
  int logins = 0, refusals = 0;
  for (const auto& text : texts) {
    login.write(text);
    const bool expected = login.ssh_logs_in();
    ++(expected ? logins : refusals);
    const std::string problem = login.problem_of_labctl();
    BOOST_TEST(problem.empty() == expected,
               text << ": ssh " << (expected ? "logs in" : "does not log in") << ", labctl: " << problem);
  }
  BOOST_TEST(logins > least);
  BOOST_TEST(refusals > least);
}

const tunnels::ForwardStatus& forward(const tunnels::Status& status, const std::string& name) {
  for (const auto& one : status.forwards) {
    if (one.name == name) return one;
  }
  BOOST_FAIL("no forward " + name);
  return status.forwards.front();
}

bool process_exists(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text);
  const auto at = text.rfind(')');
  // Z: the process has ended, and its exit status has not been read yet.
  return at != std::string::npos && text[at + 2] != 'Z' && text[at + 2] != 'X';
}

void wait_for_end(pid_t pid) {
  const UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  pollfd ended{process.get(), POLLIN, 0};
  if (process) BOOST_TEST(::poll(&ended, 1, 5000) == 1);
}

}  // namespace labctl::test
