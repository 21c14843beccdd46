#include "ssh/probe.hpp"

#include <boost/test/unit_test.hpp>
#include <pthread.h>

using namespace labctl;
using namespace labctl::ssh;

namespace {

// While an object of this class exists, no thread can be started: asio's resolver, which needs one, throws a
// std::system_error.
class NoThreads {
public:
  NoThreads() {
    ::pthread_getattr_default_np(&before_);
    pthread_attr_t huge;
    ::pthread_attr_init(&huge);
    ::pthread_attr_setstacksize(&huge, std::size_t{1} << 46);
    ::pthread_setattr_default_np(&huge);
    ::pthread_attr_destroy(&huge);
  }
  ~NoThreads() {
    ::pthread_setattr_default_np(&before_);
    ::pthread_attr_destroy(&before_);
  }
  NoThreads(const NoThreads&) = delete;
  NoThreads& operator=(const NoThreads&) = delete;

private:
  pthread_attr_t before_{};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(probe_of_a_node)

BOOST_AUTO_TEST_CASE(what_a_library_throws_is_a_failure_and_not_health) {
  Target target;
  target.name = "core1";
  target.host = "core1.invalid";
  target.user = "core";
  const NoThreads none;
  const auto result = probe(target, std::nullopt, Deadline::in(std::chrono::seconds(10)));
  BOOST_TEST(!result.ok());
  BOOST_REQUIRE(result.login.has_value());
  BOOST_TEST((result.login->cause() == Cause::local_failed));
  BOOST_TEST(result.login->where() == "core1");
}

BOOST_AUTO_TEST_SUITE_END()
