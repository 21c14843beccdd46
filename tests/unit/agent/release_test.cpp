#include "agent/release.hpp"

#include "support/fake_server.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>

using namespace labctl::agent;
using labctl::test::FakeConnection;
using labctl::test::FakeRequest;

namespace {

// A Consul on a machine that is too busy to answer the first request; it answers later requests: no such key.
struct BusyConsul {
  std::atomic<int> asked{0};
  labctl::test::FakeServer server{[this](const FakeRequest&, const FakeConnection& connection) {
    if (++asked == 1) {
      connection.wait_closed();
      return false;
    }
    connection.reply(404, "", "X-Consul-Index: 7\r\n");
    return true;
  }};
  labctl::test::TempDir deploy;
  LocalNode node{{.node = "core1", .deploy = deploy.path(), .consul = server.address()}};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(release, BusyConsul)

BOOST_AUTO_TEST_CASE(the_wait_for_a_publication_goes_on_after_a_request_without_an_answer) {
  await_publication(node, "a.b", "event", "old", "core2");
  BOOST_TEST(asked == 2);
}

BOOST_AUTO_TEST_CASE(the_wait_for_a_call_off_goes_on_after_a_request_without_an_answer) {
  BOOST_TEST(!await_call_off_heard(node, "a.b", "event", "old", "core2"));
  BOOST_TEST(asked == 3);  // the call-off twice, the record once
}

BOOST_AUTO_TEST_SUITE_END()
