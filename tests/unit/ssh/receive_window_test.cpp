#include "ssh/receive_window.hpp"

#include <boost/test/unit_test.hpp>

using labctl::ssh::ReceiveWindow;
using namespace std::chrono_literals;

namespace {

struct Stream {
  ReceiveWindow window;
  ReceiveWindow::Clock::time_point now{};

  // The client takes `windows` windows of the present size, each in `each`.
  void take(int windows, ReceiveWindow::Clock::duration each, ReceiveWindow::Clock::duration round_trip) {
    for (int i = 0; i < windows; ++i) {
      const std::size_t half = window.limit() / 2;
      window.taken(half, round_trip, now);
      now += each;
      window.taken(half, round_trip, now);
      now += 1us;
    }
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(receive_window, Stream)

BOOST_AUTO_TEST_CASE(a_peer_that_is_far_away_gets_a_larger_one) {
  take(1, 80ms, 80ms);
  BOOST_TEST(window.limit() == 2 * ReceiveWindow::first);
  take(20, 80ms, 80ms);
  BOOST_TEST(window.limit() == ReceiveWindow::most);
}

BOOST_AUTO_TEST_CASE(it_stays_when_it_does_not_limit_the_stream) {
  take(20, 4ms, 200us);
  BOOST_TEST(window.limit() == ReceiveWindow::first);
}

BOOST_AUTO_TEST_CASE(it_stays_for_a_client_that_is_slow) {
  take(20, 2s, 80ms);
  BOOST_TEST(window.limit() == ReceiveWindow::first);
}

BOOST_AUTO_TEST_CASE(a_pause_does_not_count) {
  take(1, 80ms, 80ms);
  now += 1h;
  take(1, 80ms, 80ms);
  BOOST_TEST(window.limit() == 4 * ReceiveWindow::first);
}

BOOST_AUTO_TEST_SUITE_END()
