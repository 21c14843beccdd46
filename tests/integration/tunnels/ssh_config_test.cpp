#include "base/paths.hpp"
#include "user_config.hpp"

#include <fstream>

using namespace labctl;
using namespace labctl::test;

namespace {

// An sshd that accepts few algorithms.
struct Configured : UserConfig {
  Configured() {
    std::ofstream(known_hosts) << "[127.0.0.1]:" << sshd.port() << " " << host_key << "lab.one " << host_key
                               << "[lab.two]:" << sshd.port() << " " << host_key;
  }

  void write(const std::string& line) const { UserConfig::write(line, sshd.port()); }

  SshNode sshd{bed.folder(),
               free_port(),
               {"-o", "Ciphers=aes256-ctr,aes128-ctr", "-o", "MACs=hmac-sha2-256,hmac-sha2-512", "-o",
                "KexAlgorithms=ecdh-sha2-nistp256,curve25519-sha256"}};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ssh_config, Configured)

BOOST_AUTO_TEST_CASE(labctl_logs_in_where_ssh_does) {
  agrees_with_ssh(
      {"Compression no",
       "Ciphers aes256-ctr",
       "Ciphers aes256-gcm@openssh.com",
       "Ciphers -aes*",
       "Ciphers -aes256*,3des*",
       "Ciphers ^aes128-ctr",
       "MACs hmac-sha2-512",
       "MACs hmac-sha1",
       "MACs -hmac-sha2*",
       "KexAlgorithms ecdh-sha2-nistp256",
       "KexAlgorithms ecdh-sha2-nistp521",
       "KexAlgorithms -ecdh*",
       "KexAlgorithms -ecdh*,curve*",
       "HostKeyAlgorithms ssh-ed25519",
       "HostKeyAlgorithms rsa-sha2-512",
       "HostKeyAlgorithms +ssh-rsa",
       "HostKeyAlgorithms -ssh-ed25519",
       "BindInterface lo",
       "BindAddress localhost",
       "BindAddress 192.0.2.1",
       "BindAddress nobody.invalid",
       "BindInterface nobody0",
       "ConnectTimeout 10",
       "ConnectionAttempts 2",
       "ServerAliveInterval 1",
       "AddressFamily inet",
       "AddressFamily inet6",
       "HostKeyAlias lab.one",
       "HostKeyAlias Lab.One",
       "HostKeyAlias lab.two",
       "HostKeyAlias lab.three",
       "PubkeyAcceptedAlgorithms +ssh-rsa"},
      [this](const std::string& line) { write(line); }, 0);
}

BOOST_AUTO_TEST_CASE(as_many_keys_are_offered_as_with_ssh) {
  const auto strangers = [&](int number) {
    std::string lines = "ConnectTimeout 10";
    for (int i = 1; i <= number; ++i) {
      const auto path = bed.folder() / ("stranger" + std::to_string(i));
      if (!std::filesystem::exists(path))
        keygen({"-t", "ed25519", "-N", "", "-C", "stranger", "-f", path.string()});
      lines += "\n  IdentityFile " + path.string();
    }
    return lines;
  };
  for (const auto& [number, logs_in] : {std::pair{4, true}, {5, true}, {6, false}}) {
    write(strangers(number));
    BOOST_TEST(ssh_logs_in() == logs_in);
    const auto problem = problem_of_labctl();
    BOOST_TEST(problem.empty() == logs_in, problem);
    const bool says_all =
        problem.find("stranger6 is refused; then sshd ended the login: Too many") != std::string::npos;
    BOOST_TEST((logs_in || says_all), problem);
  }
}

BOOST_AUTO_TEST_CASE(known_hosts_are_read_as_ssh_does) {
  write("Compression no");
  const auto& key = host_key;
  const auto port = std::to_string(sshd.port());
  const std::string name = "[127.0.0.1]:" + port + " ",
                    other = read_file(bed.key("ed25519").string() + ".pub");
  agrees_with_ssh(
      {name + key,
       "127.0.0.1 " + key,
       "127.0.0.1 " + other,
       name + other,
       name + other + "127.0.0.1 " + key,
       "127.0.0.1 " + other + name + key,
       name + other + name + key,
       "* " + key,
       "[127.0.0.*]:* " + key,
       "[127.0.0.1]:1 " + key,
       "*,!127.0.0.1 " + key,
       "*,!" + name + key,
       "@revoked * " + key + name + key,
       name + key + "@revoked 127.0.0.1 " + key,
       "@revoked 127.0.0.1 " + key + "127.0.0.1 " + key,
       "@cert-authority * " + key,
       "@cert-authority * " + key + name + key,
       "@unknown-mark " + name + key,
       "  " + name + key,
       "# " + name + key,
       name + "ssh-ed25519\n",
       "localhost " + key,
       "node-one " + key,
       ""},
      [this](const std::string& text) { std::ofstream(known_hosts) << text; }, 5);
}

BOOST_AUTO_TEST_CASE(an_unknown_host_key_is_read_and_added_so_that_ssh_knows_it) {
  write("Compression no");
  std::filesystem::remove(known_hosts);
  const auto unknown = tunnels::host_key(node(), soon());
  BOOST_TEST(unknown.where == "core1");
  BOOST_TEST((unknown.key.verdict == ssh::HostKeyVerdict::unknown));
  BOOST_TEST(!ssh_logs_in());
  std::ofstream(known_hosts) << "# a file without a newline at its end";
  ssh::add_to_known_hosts(unknown.key);
  BOOST_TEST(ssh_logs_in());
  BOOST_TEST(problem_of_labctl() == "");
  BOOST_TEST((tunnels::host_key(node(), soon()).key.verdict == ssh::HostKeyVerdict::match));
  std::ofstream(known_hosts) << unknown.key.name << " " << read_file(bed.key("ed25519").string() + ".pub");
  BOOST_TEST((tunnels::host_key(node(), soon()).key.verdict == ssh::HostKeyVerdict::changed));
}

BOOST_AUTO_TEST_CASE(a_stale_entry_is_named_by_its_line) {
  write("Compression no");
  std::ofstream(known_hosts) << "# one\n[127.0.0.1]:" << sshd.port() << " "
                             << read_file(bed.key("ed25519").string() + ".pub");
  const std::string problem = problem_of_labctl();
  BOOST_TEST(problem.find(known_hosts.string() + ":2") != std::string::npos, problem);
}

BOOST_AUTO_TEST_CASE(a_stale_or_revoked_entry_is_named_in_the_file_that_has_it) {
  const auto second = bed.folder() / "second_known_hosts";
  const std::string name = "[127.0.0.1]:" + std::to_string(sshd.port());
  std::ofstream(known_hosts) << "other.lab " << host_key;
  const auto expect = [&](const std::string& words) {
    const std::string problem = problem_of_labctl();
    BOOST_TEST(problem.find(words) != std::string::npos, "no \"" + words + "\" in: " + problem);
  };
  for (const std::string& files : {"UserKnownHostsFile " + known_hosts.string() + " " + second.string(),
                                   "GlobalKnownHostsFile " + second.string()}) {
    write(files);
    std::ofstream(second) << "# one\n" << name << " " << read_file(bed.key("ed25519").string() + ".pub");
    BOOST_TEST(!ssh_logs_in());
    expect("is not the one in " + second.string() + ":2");
    expect("ssh-keygen -f " + second.string() + " -R " + name);
    keygen({"-f", second.string(), "-R", name});
    expect("host key is unknown");
    std::ofstream(second) << name << " " << host_key << "@revoked * " << host_key;
    BOOST_TEST(!ssh_logs_in());
    expect("host key is revoked in " + second.string() + ":2");
    std::ofstream(second) << name << " " << read_file(bed.key("ecdsa").string() + ".pub");
    BOOST_TEST(!ssh_logs_in());
    expect(second.string() + ":1 has keys of this host, but not ssh-ed25519");
    std::ofstream(second) << name << " " << host_key;
    BOOST_TEST(ssh_logs_in());
    BOOST_TEST(problem_of_labctl() == "");
  }
}

BOOST_AUTO_TEST_CASE(a_list_that_leaves_nothing_is_named) {
  write("MACs nonsense");
  const std::string problem = problem_of_labctl();
  BOOST_TEST(problem.find("MACs nonsense leaves no algorithm that labctl has") != std::string::npos, problem);
}

BOOST_AUTO_TEST_CASE(a_key_that_is_unknown_under_its_alias_says_the_alias) {
  write("HostKeyAlias lab.three");
  const std::string problem = problem_of_labctl();
  BOOST_TEST(problem.find("for HostKeyAlias lab.three") != std::string::npos, problem);
}

BOOST_AUTO_TEST_SUITE_END()
