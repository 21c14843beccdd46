#include "tunnels/local_end.hpp"

#include "base/unique_fd.hpp"
#include "support/temp_dir.hpp"
#include "support/unix_listener.hpp"

#include <asio/io_context.hpp>
#include <boost/test/unit_test.hpp>
#include <linux/capability.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <optional>

using namespace labctl;
using namespace labctl::tunnels;

namespace {

// During its lifetime, this thread has no more rights to ports than a user.
class WithoutLowPorts {
public:
  WithoutLowPorts() {
    call(SYS_capget, had_);
    auto less = had_;
    less[0].effective &= ~(1U << CAP_NET_BIND_SERVICE);
    call(SYS_capset, less);
  }
  ~WithoutLowPorts() { call(SYS_capset, had_); }
  WithoutLowPorts(const WithoutLowPorts&) = delete;
  WithoutLowPorts& operator=(const WithoutLowPorts&) = delete;

private:
  using Sets = std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3>;

  static void call(long number, Sets& sets) {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    BOOST_CHECK_EQUAL(::syscall(number, &header, sets.data()), 0);
  }

  Sets had_{};
};

struct Folder {
  test::TempDir folder;
  asio::io_context io;
  std::filesystem::path path = folder / "end.sock";

  Endpoint end() const { return Endpoint::unix_socket(path.string()); }

  // A listening socket that is not labctl's.
  UniqueFd listen() const { return test::listen_at(path); }

  std::optional<ssh::Cause> failure(const Endpoint& endpoint) {
    try {
      LocalEnd made(io.get_executor(), endpoint);
    } catch (const ssh::Failure& failure) {
      return failure.cause();
    }
    return std::nullopt;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(local_end, Folder)

BOOST_AUTO_TEST_CASE(a_port_for_root_only_says_so) {
  const WithoutLowPorts without;
  try {
    LocalEnd made(io.get_executor(), {"127.0.0.1", 599, ""});
    BOOST_ERROR("this test needs a machine whose net.ipv4.ip_unprivileged_port_start is above 599");
  } catch (const ssh::Failure& failure) {
    BOOST_CHECK(failure.cause() == ssh::Cause::local_failed);
    BOOST_CHECK_EQUAL(failure.where(), "127.0.0.1:599");
    const auto& hint = failure.hint();
    BOOST_CHECK_MESSAGE(
        hint.starts_with("ports below ") && hint.find(" are for root only") != std::string::npos, hint);
  }
}

BOOST_AUTO_TEST_CASE(a_socket_is_for_its_owner_only_whatever_the_umask) {
  const mode_t before = ::umask(0);
  LocalEnd made(io.get_executor(), end());
  ::umask(before);
  struct stat found {};
  BOOST_REQUIRE(::lstat(path.c_str(), &found) == 0);
  BOOST_TEST((found.st_mode & 07777) == 0600u);
}

BOOST_AUTO_TEST_CASE(the_file_goes_with_its_owner) {
  { LocalEnd made(io.get_executor(), end()); }
  BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(a_dead_socket_is_replaced) {
  listen().reset();
  BOOST_TEST(std::filesystem::is_socket(path));
  BOOST_TEST(!failure(end()).has_value());
}

BOOST_AUTO_TEST_CASE(a_live_socket_is_not) {
  const UniqueFd other = listen();
  BOOST_TEST((failure(end()) == ssh::Cause::local_in_use));
  BOOST_TEST(std::filesystem::is_socket(path));
}

BOOST_AUTO_TEST_CASE(neither_is_a_file_a_folder_or_a_link) {
  std::ofstream(folder / "file") << "text";
  std::filesystem::create_directory(folder / "sub");
  std::filesystem::create_symlink(folder / "nowhere", folder / "link");
  for (const char* name : {"file", "sub", "link"}) {
    path = folder / name;
    BOOST_TEST((failure(end()) == ssh::Cause::local_in_use));
    BOOST_TEST(std::filesystem::exists(std::filesystem::symlink_status(path)));
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_somebody_put_in_its_place_stays) {
  {
    LocalEnd made(io.get_executor(), end());
    BOOST_TEST(made.in_place());
    std::filesystem::remove(path);
    std::ofstream(path) << "text";
    BOOST_TEST(!made.in_place());
  }
  BOOST_TEST(std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(tcp_ends_are_loopback_only) {
  BOOST_TEST((failure({"0.0.0.0", 0, {}}) == ssh::Cause::local_failed));
  BOOST_TEST((failure({"192.0.2.1", 0, {}}) == ssh::Cause::local_failed));
  BOOST_TEST(!failure({"localhost", 0, {}}).has_value());
}

BOOST_AUTO_TEST_CASE(a_path_too_long_for_a_socket_is_told) {
  path = folder / std::string(120, 'x');
  BOOST_TEST((failure(end()) == ssh::Cause::local_failed));
}

BOOST_AUTO_TEST_SUITE_END()
