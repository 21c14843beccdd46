// One thing breaks while the tunnels are up, and the other forwards are served all the while.
#include "base/paths.hpp"
#include "deaf_listener.hpp"
#include "served.hpp"
#include "tunnels/daemon_paths.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <optional>

using namespace labctl;
using namespace labctl::test;
using tunnels::ForwardState;

namespace {

struct OneFault : Case {
  std::size_t times_logged(const std::string& words) const {
    const std::string log = read_file(tunnels::DaemonPaths::of(inventory.name).log);
    std::size_t times = 0;
    for (auto at = log.find(words); at != std::string::npos; at = log.find(words, at + 1)) ++times;
    return times;
  }
};

// Ends a connection by a reset.
void reset(UniqueFd& fd) {
  const linger at_once{1, 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  fd.reset();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(one_fault, OneFault)

BOOST_AUTO_TEST_CASE(a_forward_that_has_used_up_the_descriptors_gets_no_more) {
  const DeafListener listener(512);
  inventory.forwards.push_back(
      {"many", {"core1"}, {"127.0.0.1", free_port(), {}}, {"127.0.0.1", listener.port, {}}});
  up();
  const rlimit low{256, 256};
  BOOST_REQUIRE(::prlimit(daemon_pid(), RLIMIT_NOFILE, &low, nullptr) == 0);
  Served others(inventory, {"consul", "docker_core1", "docker_core2"});
  const auto begin = std::chrono::steady_clock::now();
  std::vector<UniqueFd> clients;
  for (int i = 0; i < 300; ++i) clients.emplace_back(connect_to(inventory.forwards.back().local));
  // The last of them is refused at once.
  const timeval soon{5, 0};
  ::setsockopt(clients.back().get(), SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon);
  char byte = 0;
  BOOST_TEST(::recv(clients.back().get(), &byte, 1, 0) == -1);
  BOOST_TEST(errno == ECONNRESET);
  const auto full =
      wait_status([](const auto& now) { return forward(now, "many").connection_error.has_value(); });
  BOOST_TEST(forward(full, "many").connection_error->cause == "no-descriptors");
  BOOST_TEST(forward(full, "many").connections < 192);
  BOOST_TEST(!forward(full, "docker_core2").connection_error);
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(std::chrono::steady_clock::now() - begin);
  BOOST_TEST(times_logged("no more descriptors") <= static_cast<std::size_t>(minutes.count()));
  others.check();
  {
    // A login finds descriptors too.
    Served first_node(inventory, {"docker_core1"});
    bed.node(2).kill();
    wait_status([](const auto& now) { return forward(now, "docker_core2").state == ForwardState::down; });
    bed.node(2).start();
    wait_status([](const auto& now) { return now.all_up(); });
    first_node.check();
  }
  for (auto& client : clients) reset(client);
  wait_status([](const auto& now) { return forward(now, "many").connections == 0; });
  const UniqueFd again(connect_to(inventory.forwards.back().local));
  wait_status([](const auto& now) {
    return forward(now, "many").connections == 1 && !forward(now, "many").connection_error;
  });
}

BOOST_AUTO_TEST_SUITE_END()
