#include "ssh/refusal.hpp"

#include "base/process.hpp"
#include "base/unique_fd.hpp"
#include "support/temp_dir.hpp"
#include "support/unix_listener.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <optional>

using namespace labctl;
using namespace labctl::ssh;
using Is = SocketLook::Is;
namespace fs = std::filesystem;

namespace {

struct Folder {
  test::TempDir folder;

  // What the command says of a path on this machine, run by its own shell as sshd does.
  static SocketLook look(const fs::path& path) {
    const auto result =
        run({.argv = {"/bin/sh", "-c", look_command(path.string())}}, Deadline::in(std::chrono::seconds(20)));
    const auto seen = read_look(result.out);
    BOOST_REQUIRE_MESSAGE(seen.has_value(), result.out);
    return *seen;
  }
};

const Endpoint docker = Endpoint::unix_socket("/run/docker.sock");
const Endpoint web{"localhost", 80, {}};

Failure cause(const Failure& failure, const Endpoint& end,
              const std::optional<KeyOptions>& key = std::nullopt,
              const std::optional<SocketLook>& look = std::nullopt) {
  return cause_of_refusal(failure, end, "core1", key, look);
}

const Failure refused(Cause::target_refused, "cannot connect", "core1");
const Failure denied(Cause::forwarding_denied, "sshd forbids the forward", "core1");

}  // namespace

BOOST_FIXTURE_TEST_SUITE(refusal, Folder)

BOOST_AUTO_TEST_CASE(the_command_sees_what_is_at_the_path) {
  BOOST_TEST((look(folder / "nothing").is == Is::missing));
  BOOST_TEST(look(folder / "nothing").at == folder.path().string());
  BOOST_TEST(look(folder / "no/such/thing").at == folder.path().string());
  fs::create_directory(folder / "sub");
  BOOST_TEST((look(folder / "sub").is == Is::directory));
  std::ofstream(folder / "file") << "text";
  BOOST_TEST((look(folder / "file").is == Is::file));
  fs::create_symlink(folder / "away", folder / "link");
  BOOST_TEST((look(folder / "link").is == Is::dangling));
}

BOOST_AUTO_TEST_CASE(it_sees_whether_somebody_listens) {
  const fs::path path = folder / "it's \"a\" $(name).sock";
  UniqueFd server = test::listen_at(path);
  BOOST_TEST((look(path).is == Is::socket));
  BOOST_TEST(look(path).listening);
  BOOST_TEST(look(path).writable);
  BOOST_TEST(look(path).owner.find(", mode ") != std::string::npos);
  BOOST_TEST(!look(path).user.empty());
  BOOST_TEST(!look(path).groups.empty());
  fs::create_symlink(path, folder / "link");
  BOOST_TEST(look(folder / "link").listening);
  server.reset();
  BOOST_TEST(!look(path).listening);
}

BOOST_AUTO_TEST_CASE(the_output_of_something_else_is_no_look) {
  BOOST_TEST(!read_look("").has_value());
  BOOST_TEST(!read_look("This account is not available.\n").has_value());
  BOOST_TEST(!read_look("labctl-look\nis somewhere\nuser core\n").has_value());
  BOOST_TEST(!read_look("labctl-look\nis socket\n").has_value());  // cut off
}

BOOST_AUTO_TEST_CASE(what_sshd_says_of_a_key_is_read) {
  const auto key = read_key_options("/home/core/.ssh/authorized_keys:3: key options: command permitopen pty");
  BOOST_REQUIRE(key.has_value());
  BOOST_TEST(key->where == "/home/core/.ssh/authorized_keys:3");
  BOOST_TEST(key->command);
  BOOST_TEST(key->permit_open);
  BOOST_TEST(!key->port_forwarding);
  BOOST_TEST(read_key_options("f:1: key options: agent-forwarding port-forwarding pty")->port_forwarding);
  BOOST_TEST(!read_key_options("f:1: key options:")->port_forwarding);
  BOOST_TEST(!read_key_options("Server has disabled port forwarding.").has_value());
}

BOOST_AUTO_TEST_CASE(each_state_of_a_socket_has_a_cause_of_its_own) {
  const auto of = [](const SocketLook& look) { return cause(refused, docker, std::nullopt, look); };
  SocketLook look{.is = Is::missing, .at = "/run", .owner = "", .user = "core", .groups = "core users"};
  BOOST_TEST((of(look).cause() == Cause::target_refused));
  BOOST_TEST(of(look).what() == std::string("cannot connect to /run/docker.sock on core1: there is no such "
                                            "file below /run"));
  look.is = Is::directory;
  BOOST_TEST(std::string(of(look).what()).ends_with("it is a directory"));
  look.is = Is::hidden;
  BOOST_TEST((of(look).cause() == Cause::target_denied));
  look.is = Is::socket;
  look.owner = "root:docker, mode 660";
  BOOST_TEST((of(look).cause() == Cause::target_denied));
  BOOST_TEST(of(look).hint() == "usermod -aG docker core on the node, then labctl tunnels restart");
  look.writable = true;
  BOOST_TEST((of(look).cause() == Cause::target_refused));
  BOOST_TEST(std::string(of(look).what()).ends_with("nobody listens there"));
  look.listening = true;
  BOOST_TEST((of(look).cause() == Cause::forwarding_denied));
  BOOST_TEST(of(look).hint().find("AllowStreamLocalForwarding") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_looked_at_is_not_guessed) {
  BOOST_TEST((cause(refused, docker).cause() == Cause::target_refused));
  BOOST_TEST(std::string(cause(refused, docker).what()).find("cannot tell") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_path_that_no_socket_can_have_is_told) {
  const auto longest = Endpoint::unix_socket("/" + std::string(106, 'x'));
  const auto longer = Endpoint::unix_socket("/" + std::string(107, 'x'));
  BOOST_TEST(std::string(cause(refused, longest).what()).find("too long") == std::string::npos);
  BOOST_TEST(std::string(cause(refused, longer).what()).find("too long") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_options_of_the_key_explain_what_sshd_forbids) {
  const KeyOptions restricted{.where = "keys:1"};
  for (const auto& failure : {cause(refused, docker, restricted), cause(denied, web, restricted)}) {
    BOOST_TEST((failure.cause() == Cause::forwarding_denied));
    BOOST_TEST(std::string(failure.what()).find("keys:1 does not allow port-forwarding") !=
               std::string::npos);
  }
  const KeyOptions some{.where = "keys:2", .port_forwarding = true, .permit_open = true};
  BOOST_TEST(cause(denied, web, some).hint().starts_with("permitopen in keys:2"));
  const SocketLook served{.is = Is::socket,
                          .at = "",
                          .writable = true,
                          .listening = true,
                          .owner = "",
                          .user = "core",
                          .groups = ""};
  BOOST_TEST(cause(refused, docker, some, served).hint().starts_with("permitopen in keys:2"));
  BOOST_TEST(cause(refused, docker, some, std::nullopt).hint().find("permitopen in keys:2") !=
             std::string::npos);
  const KeyOptions all{.where = "keys:3", .port_forwarding = true};
  BOOST_TEST(cause(denied, web, all).hint().starts_with("AllowTcpForwarding"));
  // A server that refuses a connection has nothing to do with the key.
  BOOST_TEST((cause(refused, web, restricted).cause() == Cause::target_refused));
}

BOOST_AUTO_TEST_SUITE_END()
