#include "cli/tunnels_table.hpp"

#include "base/table.hpp"
#include "base/text.hpp"

#include <boost/test/unit_test.hpp>

#include <ctime>

using namespace labctl;
using labctl::cli::tunnels_table;
using tunnels::NodeState;

BOOST_AUTO_TEST_SUITE(tunnels_table_text)

BOOST_AUTO_TEST_CASE(a_node_without_a_session_says_what_is_done_about_it) {
  tunnels::Status status;
  tunnels::NodeStatus waiting, given_up, well;
  waiting.name = "core1";
  waiting.state = NodeState::waiting;
  waiting.next_attempt = static_cast<double>(std::time(nullptr));
  given_up.name = "core2";
  given_up.state = NodeState::given_up;
  well.name = "core3";
  well.state = NodeState::up;
  status.nodes = {waiting, given_up, well};
  const std::string text = tunnels_table(status, false);
  BOOST_TEST(text.find("core1  no session, next try at ") != std::string::npos, text);
  BOOST_TEST(text.find("core2  no session, given up: labctl tunnels up tries again\n") != std::string::npos,
             text);
  BOOST_TEST(text.find("core3") == std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(each_kind_of_forward_says_where_it_listens) {
  using inventory::Forward;
  tunnels::Status status;
  status.forwards.resize(3);
  for (auto& forward : status.forwards) {
    forward.state = tunnels::ForwardState::up;
    forward.local = "127.0.0.1:3000";
    forward.remote = "127.0.0.1:9000";
    forward.node = "core1";
  }
  status.forwards[1].direction = Forward::Direction::remote;
  status.forwards[1].connection_error = tunnels::Problem{"back", "cannot connect", "", "target-refused"};
  status.forwards[2].direction = Forward::Direction::dynamic;
  const std::string text = tunnels_table(status, false);
  BOOST_TEST(text.find("127.0.0.1:9000 on core1 -> 127.0.0.1:3000") != std::string::npos, text);
  BOOST_TEST(text.find("127.0.0.1:3000 (SOCKS5)") != std::string::npos, text);
  BOOST_TEST(text.find("\n  last connection: back: cannot connect\n") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(the_table_fits_a_terminal_and_the_state_is_coloured) {
  tunnels::Status status;
  status.forwards.resize(1);
  auto& forward = status.forwards[0];
  forward.name = "docker_core1";
  forward.state = tunnels::ForwardState::up;
  forward.local = "/run/labctl/default/docker_core1.sock";
  forward.node = "core1";
  forward.rtt_ms = 123.4;
  forward.bytes_in = forward.bytes_out = 123456789;
  const std::string text = tunnels_table(status, false);
  for (const auto& line : lines(text)) BOOST_TEST(columns(line) <= 80U, line);
  BOOST_TEST(text.find("\n  /run/labctl/default/docker_core1.sock\n") != std::string::npos, text);
  BOOST_TEST(tunnels_table(status, true).find("\x1b[32mup   \x1b[0m  core1") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
