#include "ssh/config.hpp"

#include "base/error.hpp"
#include "ssh/config_options.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include <fstream>
#include <map>

using namespace labctl;
using namespace labctl::ssh;

namespace {

// A machine with files in memory. config_against_ssh_test.cpp compares how values are read with ssh itself;
// this file tests what cannot be compared with ssh.
struct Machine {
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> variables;

  ConfigSurroundings surroundings() {
    ConfigSurroundings here;
    here.home = "/home/me";
    here.user_file = "/home/me/.ssh/config";
    here.system_file = "/etc/ssh/ssh_config";
    here.user = "me";
    here.uid = 1000;
    here.host_name = "desk.lab";
    here.environment = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    here.home_of = [](const std::string&) -> std::optional<std::filesystem::path> { return std::nullopt; };
    here.read = [this](const std::filesystem::path& path, bool) -> std::optional<std::string> {
      const auto found = files.find(path.string());
      return found == files.end() ? std::nullopt : std::optional(found->second);
    };
    here.glob = [](const std::filesystem::path& path) { return std::vector<std::filesystem::path>{path}; };
    return here;
  }
};

HostConfig resolve(const std::string& text, ConfigQuery query = {.host = "core1", .user = {}, .port = {}}) {
  Machine machine;
  machine.files["/home/me/.ssh/config"] = text;
  return resolve_config(query, machine.surroundings());
}

Error error_of(const std::string& text) {
  try {
    resolve(text);
  } catch (const Error& error) {
    return error;
  }
  BOOST_FAIL("should have failed");
  return Error(Kind::system, "");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ssh_config)

BOOST_AUTO_TEST_CASE(a_user_and_a_port_said_elsewhere_win_and_are_matched) {
  const auto config =
      resolve("User other\nPort 1\nIdentityFile ~/%r-%p\nMatch user core\n  HostKeyAlias lab\n",
              {.host = "core1", .user = "core", .port = 2222});
  BOOST_TEST(config.user.value() == "core");
  BOOST_TEST(config.port.value() == 2222);
  BOOST_TEST(config.identities.at(0) == "/home/me/core-2222");
  BOOST_TEST(config.host_key_alias.value() == "lab");
}

BOOST_AUTO_TEST_CASE(errors_name_file_and_line_also_of_an_included_file) {
  BOOST_TEST(error_of("\nHost core1\n  Port x\n").where() == "/home/me/.ssh/config:3");
  BOOST_TEST(error_of("Nonsense x\n").where() == "/home/me/.ssh/config:1");
  BOOST_TEST(error_of("\nIdentityFile ~/%z\n").where() == "/home/me/.ssh/config:2");
  Machine machine;
  machine.files["/home/me/.ssh/config"] = "Include a\n";
  machine.files["/home/me/.ssh/a"] = "\n\nIdentitiesOnly perhaps\n";
  try {
    resolve_config({.host = "core1", .user = {}, .port = {}}, machine.surroundings());
    BOOST_FAIL("should have failed");
  } catch (const Error& error) {
    BOOST_TEST(error.where() == "/home/me/.ssh/a:3");
  }
}

BOOST_AUTO_TEST_CASE(includes_without_end_are_an_error) {
  BOOST_TEST(std::string(error_of("Include config\n").what()).find("includes") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_would_change_the_way_or_the_trust_is_refused_by_name_file_and_line) {
  for (const std::string line :
       {"ProxyUseFdpass yes", "CanonicalizeHostname yes", "KnownHostsCommand /bin/keys",
        "RevokedHostKeys /etc/revoked", "VerifyHostKeyDNS yes", "PubkeyAuthentication no",
        "PreferredAuthentications password", "RequiredRSASize 4096",
        "PubkeyAcceptedAlgorithms ssh-ed25519"}) {
    const auto findings = resolve("Host core1\n  " + line + "\n").findings;
    BOOST_REQUIRE_MESSAGE(findings.size() == 1, line);
    BOOST_TEST(findings[0].refused, line);
    BOOST_TEST(findings[0].line().starts_with(line + " (/home/me/.ssh/config:2): "), findings[0].line());
    BOOST_TEST(resolve("Host other\n  " + line + "\n").findings.empty(), line);
  }
}

BOOST_AUTO_TEST_CASE(values_that_mean_as_usual_are_not_refused) {
  const auto config = resolve(
      "ProxyJump none\nCanonicalizeHostname no\nKnownHostsCommand none\nRevokedHostKeys none\n"
      "VerifyHostKeyDNS no\nPreferredAuthentications publickey,password\nStrictHostKeyChecking ask\n"
      "AddressFamily any\nPubkeyAuthentication yes\nPKCS11Provider none\nCanonicalizePermittedCNAMEs none\n");
  BOOST_TEST(config.findings.empty());
  BOOST_TEST(resolve("ProxyCommand none\n").findings.empty());
  BOOST_TEST(resolve("Host core1\n  ProxyJump none\nHost *\n  ProxyJump gate\n").findings.empty());
}

BOOST_AUTO_TEST_CASE(the_way_is_taken_with_its_tokens_expanded) {
  const auto jumps =
      resolve("HostName 10.0.0.1\nPort 2200\nProxyJump me@%h-gate:2200,[fd00::1]:23,last # the way\n").jumps;
  const std::vector<JumpHost> expected{{.host = "10.0.0.1-gate", .user = "me", .port = 2200},
                                       {.host = "fd00::1", .user = {}, .port = 23},
                                       {.host = "last", .user = {}, .port = {}}};
  BOOST_TEST((jumps == expected));
  BOOST_TEST(resolve("HostName 10.0.0.1\nUser you\nProxyCommand go %r@%h:%p for %n 100%%\n").proxy_command ==
             "go you@10.0.0.1:22 for core1 100%");
  BOOST_TEST(resolve("BindAddress 10.0.0.1\n").bind_address == "10.0.0.1");
  BOOST_TEST(resolve("BindAddress here.lab\n").bind_address == "here.lab");
  BOOST_TEST(resolve("BindAddress here.lab\n").findings.empty());
}

BOOST_AUTO_TEST_CASE(times_attempts_and_the_interface_are_taken) {
  const auto config = resolve(
      "BindInterface eth0\nConnectTimeout 1m30s\nConnectionAttempts 3\nServerAliveInterval 30\n"
      "ServerAliveCountMax 5\nAddressFamily inet6\n");
  BOOST_TEST(config.findings.empty());
  BOOST_TEST(config.bind_interface == "eth0");
  BOOST_TEST((config.connect_timeout == 90));
  BOOST_TEST((config.connection_attempts == 3));
  BOOST_TEST((config.alive_interval == 30));
  BOOST_TEST((config.alive_count == 5));
  BOOST_TEST(config.address_family == "inet6");
  const auto none = resolve("ConnectTimeout none\nServerAliveInterval none\n");
  BOOST_TEST(!none.connect_timeout.has_value());
  BOOST_TEST(!none.alive_interval.has_value());
  BOOST_TEST(resolve("BatchMode yes\n").batch_mode);
  BOOST_TEST(!resolve("BatchMode no\n").batch_mode);
  BOOST_TEST(!resolve("ConnectTimeout 0\n").connect_timeout.has_value());
}

BOOST_AUTO_TEST_CASE(a_name_that_says_something_to_a_shell_is_refused) {
  for (const std::string line : {"User $(id)", "User a;id", "HostName a`id`", "HostName -oProxyCommand=id"}) {
    const auto findings = resolve(line + "\nProxyCommand go %r@%h\n").findings;
    BOOST_REQUIRE_MESSAGE(findings.size() == 1, line);
    BOOST_TEST(findings[0].refused, line);
    BOOST_TEST(resolve(line + "\n").findings.empty(), line);
  }
}

BOOST_AUTO_TEST_CASE(a_jump_host_that_ssh_does_not_take_is_named_with_its_line) {
  for (const std::string jump : {"me@", "@gate", "gate:0", "gate:70000", "fd00::1", "a,,b", "a,", ",a",
                                 "a:1:2", "[gate", "[gate]x", "core1"}) {
    const Error error = error_of("Host core1\n  ProxyJump " + jump + "\n");
    BOOST_TEST(error.where() == "/home/me/.ssh/config:2", jump);
  }
}

BOOST_AUTO_TEST_CASE(lists_of_algorithms_family_and_alias_are_taken_as_they_stand) {
  const auto config = resolve(
      "Ciphers -*cbc\nMACs hmac-sha2-256\nKexAlgorithms ^curve25519-sha256\nHostKeyAlgorithms +ssh-rsa\n"
      "AddressFamily inet6\nHostKeyAlias Lab.One\nCASignatureAlgorithms -rsa*\n");
  const AlgorithmChoice expected{.ciphers = "-*cbc",
                                 .key_exchanges = "^curve25519-sha256",
                                 .macs = "hmac-sha2-256",
                                 .host_keys = "+ssh-rsa",
                                 .authority_signatures = "-rsa*"};
  BOOST_TEST((config.algorithms == expected));
  BOOST_TEST(config.address_family == "inet6");
  BOOST_TEST(config.host_key_alias.value() == "lab.one");
  BOOST_TEST(config.findings.empty());
}

BOOST_AUTO_TEST_CASE(what_is_safely_left_out_is_told) {
  for (const std::string line : {"StrictHostKeyChecking no", "StrictHostKeyChecking accept-new",
                                 "CheckHostIP yes", "PubkeyAcceptedAlgorithms +ssh-rsa", "RekeyLimit 1G"}) {
    const auto findings = resolve(line + "\n").findings;
    BOOST_REQUIRE_MESSAGE(findings.size() == 1, line);
    BOOST_TEST(!findings[0].refused, line);
  }
}

BOOST_AUTO_TEST_CASE(a_command_of_match_is_not_run_and_that_is_told_where_it_matters) {
  const auto config =
      resolve("Match originalhost core1 exec \"touch /x\"\n  User late\n  ForwardAgent yes\n");
  BOOST_TEST(!config.user.has_value());
  BOOST_REQUIRE(config.findings.size() == 1);
  BOOST_TEST(config.findings[0].line() ==
             "Match exec \"touch /x\" User late (/home/me/.ssh/config:2): labctl does not evaluate it "
             "(/home/me/.ssh/config:1); the block is left out");
  BOOST_TEST(!config.findings[0].refused);
  // A Match for another host; a value that is set already; a Match that other conditions decide; a block
  // after it.
  BOOST_TEST(resolve("Match host other exec x\n  User a\n").findings.empty());
  BOOST_TEST(resolve("User a\nMatch exec x\n  User b\n").findings.empty());
  BOOST_TEST(resolve("Match exec x host other\n  User b\n").findings.empty());
  BOOST_TEST(resolve("Match exec x\nHost *\n  User b\n").user.value() == "b");
}

BOOST_AUTO_TEST_CASE(an_agent_s_path_is_expanded_and_a_variable_is_kept_for_later) {
  Machine machine;
  machine.variables["RUN"] = "/run/me";
  machine.files["/home/me/.ssh/config"] =
      "Host core1\n  IdentityAgent ${RUN}/keys.sock\nHost core2\n  IdentityAgent %d/.1p/agent.sock\n"
      "Host core3\n  IdentityAgent $KEYS_SOCK\n";
  const auto agent = [&](const std::string& host) {
    return resolve_config({.host = host, .user = {}, .port = {}}, machine.surroundings()).agent.value();
  };
  BOOST_TEST(agent("core1") == "/run/me/keys.sock");
  BOOST_TEST(agent("core2") == "/home/me/.1p/agent.sock");
  BOOST_TEST(agent("core3") == "$KEYS_SOCK");
}

BOOST_AUTO_TEST_CASE(lists_of_algorithms_choose_among_what_there_is) {
  using Names = std::vector<std::string>;
  const Names ours{"a", "b", "c"}, all{"a", "b", "c", "d"};
  const auto check = [&](const char* list, const Names& expected) {
    BOOST_TEST(choose_algorithms(list, ours, all) == expected, boost::test_tools::per_element());
  };
  check("", {"a", "b", "c"});
  check("c,x,a", {"c", "a"});
  check("+d", {"a", "b", "c", "d"});
  check("-b,c", {"a"});
  check("^c", {"c", "a", "b"});
  check("*", {"a", "b", "c", "d"});
  check("x", {});
}

BOOST_AUTO_TEST_CASE(a_file_that_others_may_write_is_not_read) {
  const test::TempDir folder;
  std::ofstream(folder / "config") << "User a\n";
  const auto real = real_surroundings();
  ::chmod((folder / "config").c_str(), 0666);
  BOOST_CHECK_THROW(real.read(folder / "config", true), Error);
  BOOST_TEST(real.read(folder / "config", false).value() == "User a\n");
  ::chmod((folder / "config").c_str(), 0644);
  BOOST_TEST(real.read(folder / "config", true).value() == "User a\n");
  BOOST_TEST(!real.read(folder / "none", true).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
