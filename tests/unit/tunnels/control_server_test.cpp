#include "tunnels/control_server.hpp"

#include "base/unique_fd.hpp"
#include "support/temp_dir.hpp"
#include "tunnels/wire_line.hpp"

#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>
#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <thread>

using namespace labctl;
using namespace labctl::tunnels;
using namespace std::chrono_literals;

namespace {

// A daemon's control socket without tunnels, served by a separate thread.
struct Served {
  test::TempDir folder;
  std::filesystem::path path = folder / "control";
  asio::io_context io{1};
  Supervisor supervisor{io, Plan{.inventory = "none", .source = {}, .nodes = {}, .forwards = {}}};
  ControlServer server{io, path, supervisor};
  std::thread thread;

  Served() {
    server.start();
    thread = std::thread([this] {
      const auto work = asio::make_work_guard(io);
      io.run();
    });
  }
  ~Served() {
    asio::post(io, [this] {
      server.close();
      io.stop();
    });
    thread.join();
  }

  void connect(const UniqueFd& socket) const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    BOOST_REQUIRE(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
};

UniqueFd unix_socket() { return UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

bool answers(const UniqueFd& client) {
  send_line(client.get(), to_line(Request{}));
  return read_reply(receive_line(client.get(), Deadline::in(20s))).ok;
}

// While an object of this class exists, this process has no free descriptor.
class NoDescriptors {
public:
  NoDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit low = before_;
    low.rlim_cur = 256;
    ::setrlimit(RLIMIT_NOFILE, &low);
    for (;;) {
      UniqueFd fd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
      if (!fd) break;
      taken_.push_back(std::move(fd));
    }
  }
  ~NoDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;

  void release_one() { taken_.pop_back(); }

private:
  rlimit before_{};
  std::vector<UniqueFd> taken_;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(server, Served)

BOOST_AUTO_TEST_CASE(somebody_can_still_ask_when_there_are_no_descriptors_left) {
  const auto first = unix_socket(), second = unix_socket(), third = unix_socket();
  NoDescriptors none;
  connect(first);
  BOOST_TEST(answers(first));
  // After this client has gone, there is a spare descriptor again.
  ::shutdown(first.get(), SHUT_WR);
  char byte = 0;
  BOOST_TEST(::recv(first.get(), &byte, 1, 0) == 0);
  connect(second);
  BOOST_TEST(answers(second));
  // Now the spare is in use: the next client waits until a descriptor is free.
  connect(third);
  none.release_one();
  BOOST_TEST(answers(third));
}

BOOST_AUTO_TEST_CASE(a_request_that_does_not_read_gets_an_answer_and_ends_nothing) {
  const auto bad = unix_socket(), good = unix_socket();
  connect(bad);
  send_line(bad.get(), R"({"version":2,"verb":[]})");
  BOOST_TEST(!read_reply(receive_line(bad.get(), Deadline::in(20s))).ok);
  connect(good);
  BOOST_TEST(answers(good));
}

BOOST_AUTO_TEST_SUITE_END()
