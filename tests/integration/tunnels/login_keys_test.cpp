// Which keys of files and agents a login uses, and what it says if none is accepted.
#include "base/base64.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "ssh/wire.hpp"
#include "ssh_agent.hpp"
#include "user_config.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

using namespace labctl;
using namespace labctl::test;

namespace {

// Node 1 accepts `core` and no stranger.
struct LoginKeys : UserConfig {
  LoginKeys() {
    std::ofstream(known_hosts) << "* " << host_key;
    for (const char* type : {"", ".pub"})
      copy(bed.key(std::string("ed25519") + type), std::string("core") + type);
  }

  void copy(const std::filesystem::path& from, const std::string& name) const {
    std::filesystem::create_directories((folder / name).parent_path());
    std::filesystem::copy_file(from, folder / name);
    ::chmod((folder / name).c_str(), 0600);
  }
  void make(const std::string& name) const {
    keygen({"-t", "ed25519", "-N", "", "-C", name, "-f", (folder / name).string()});
  }
  // The agent's keys: six strangers, core, and a seventh.
  std::vector<std::filesystem::path> eight_keys() const {
    std::vector<std::filesystem::path> keys;
    for (int number = 1; number <= 7; ++number) {
      make("stranger" + std::to_string(number));
      keys.push_back(folder / ("stranger" + std::to_string(number)));
    }
    keys.insert(keys.end() - 1, folder / "core");
    return keys;
  }

  // `@` stands for the folder.
  void write_for_port(std::uint16_t port, const std::string& lines) const {
    write_without_key(replace_all(lines, "@", folder.string() + "/"), port);
  }
  void write(const std::string& lines) const { write_for_port(bed.node(1).port(), lines); }
  void agrees_with_ssh(const std::vector<std::string>& lines, int least) const {
    UserConfig::agrees_with_ssh(
        lines, [this](const std::string& line) { write(line); }, least);
  }

  const TempDir own;
  const std::filesystem::path folder = own.path();
};

void expect_in(const std::string& text, const std::string& words) {
  BOOST_TEST(text.find(words) != std::string::npos, "no \"" + words + "\" in: " + text);
}

// A private key file as ssh-keygen -t ed25519-sk makes it, without the device (PROTOCOL.key, PROTOCOL.u2f).
void write_security_key(const std::filesystem::path& path) {
  const std::string type = "sk-ssh-ed25519@openssh.com", point(32, 'p'), application = "ssh:";
  ssh::WireWriter key;
  for (const auto& part : {type, point, application}) key.string(part);
  ssh::WireWriter secret;
  for (int i = 0; i < 2; ++i) secret.u32(7);  // equal numbers: it is not encrypted
  for (const auto& part : {type, point, application}) secret.string(part);
  secret.u8(1);  // flags: wants a touch
  for (const char* part : {"handle", "", "a comment"}) secret.string(part);
  for (std::uint8_t padding = 1; secret.bytes().size() % 8 != 0; ++padding) secret.u8(padding);
  ssh::WireWriter file;
  for (const char* part : {"none", "none", ""}) file.string(part);
  file.u32(1);
  file.string(key.bytes());
  file.string(secret.bytes());
  std::ofstream(path) << "-----BEGIN OPENSSH PRIVATE KEY-----\n"
                      << encode_base64(std::string("openssh-key-v1\0", 15) + file.bytes())
                      << "\n-----END OPENSSH PRIVATE KEY-----\n";
  ::chmod(path.c_str(), 0600);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(login_keys, LoginKeys)

BOOST_AUTO_TEST_CASE(a_key_of_the_agent_that_a_file_names_comes_first) {
  copy(bed.key("ed25519"), "locked");
  keygen({"-p", "-N", "secret", "-f", (folder / "locked").string()});
  copy(bed.key("ed25519.pub"), "away.pub");
  const SshAgent agent(folder / "agent");
  agent.add(eight_keys());
  agrees_with_ssh({"IdentityFile @locked", "IdentityFile @locked\n  IdentitiesOnly yes",
                   "IdentityFile @core.pub\n  IdentitiesOnly yes", "IdentityFile @away\n  IdentitiesOnly yes",
                   "IdentityFile @stranger3\n  IdentityFile @away", "IdentityFile none",
                   "IdentityFile @stranger1.pub\n  IdentitiesOnly yes",
                   "IdentityFile @core.pub\n  IdentitiesOnly yes\n  IdentityAgent none",
                   "IdentityFile @away\n  IdentitiesOnly yes\n  IdentityAgent none"},
                  3);
}

BOOST_AUTO_TEST_CASE(an_identity_of_the_inventory_may_be_a_key_of_the_agent) {
  const SshAgent agent(folder / "agent");
  agent.add(eight_keys());
  std::filesystem::rename(folder / "core", folder / "core.away");
  for (const char* name : {"core.pub", "core"}) {
    inventory.nodes[0].identity = folder / name;
    const auto probed = tunnels::probe(inventory.nodes[0], std::nullopt, soon());
    BOOST_TEST(!probed.login, std::string(name) + ": " + (probed.login ? probed.login->line() : ""));
  }
}

BOOST_AUTO_TEST_CASE(how_many_keys_of_the_agent_were_not_tried_is_told) {
  const SshAgent agent(folder / "agent");
  agent.add(eight_keys());
  write("IdentityFile none");
  expect_in(problem_of_labctl(), "2 of the agent's 8 keys were not tried");
}

BOOST_AUTO_TEST_CASE(the_agent_of_identity_agent_is_asked_and_no_other) {
  const auto socket = folder / "agent";
  const SshAgent agent(socket);
  agent.add({folder / "core"});
  ::setenv("SSH_AUTH_SOCK", (folder / "dead").c_str(), 1);
  ::setenv("KEYS_SOCK", socket.c_str(), 1);
  ::setenv("KEYS_FOLDER", folder.c_str(), 1);
  agrees_with_ssh(
      {"IdentityFile none\n  IdentityAgent @agent", "IdentityFile none\n  IdentityAgent $KEYS_SOCK",
       "IdentityFile none\n  IdentityAgent ${KEYS_FOLDER}/agent", "IdentityFile none",
       "IdentityFile none\n  IdentityAgent @nobody", "IdentityFile none\n  IdentityAgent SSH_AUTH_SOCK"},
      2);
  write("IdentityFile none\n  IdentityAgent ${KEYS_FOLDER}/nobody");
  expect_in(problem_of_labctl(), "no ssh-agent listens at " + (folder / "nobody").string());
  write("IdentityFile none");
  expect_in(problem_of_labctl(), "no ssh-agent listens at " + (folder / "dead").string());
  for (const char* name : {"KEYS_SOCK", "KEYS_FOLDER"}) ::unsetenv(name);
}

BOOST_AUTO_TEST_CASE(the_words_in_the_name_of_a_key_file_are_those_of_ssh) {
  for (const char* name : {"keys/127.0.0.1", "keys/core-node-one", "keys/100%d"})
    copy(bed.key("ed25519"), name);
  ::setenv("KEYS_FOLDER", folder.c_str(), 1);
  agrees_with_ssh(
      {"IdentityFile @keys/%h", "IdentityFile @keys/%r", "IdentityFile @keys/%n",
       "IdentityFile ${KEYS_FOLDER}/keys/%r-%n", "IdentityFile @keys/100%%d",
       "IdentityFile ${KEYS_FOLDER}/core", "IdentityFile @keys/%q", "IdentityFile ${NO_SUCH}/core"},
      3);
  ::unsetenv("KEYS_FOLDER");
}

BOOST_AUTO_TEST_CASE(a_refused_certificate_of_the_agent_is_not_the_end) {
  make("authority");
  keygen({"-s", (folder / "authority").string(), "-I", "one", "-n", "core", (folder / "core.pub").string()});
  const SshAgent agent(folder / "agent");
  // The certificate, then the plain key: ssh-add adds the plain key first, so it is removed and added again.
  agent.add({folder / "core"});
  for (const char* what : {"-kqd", "-kq"})
    run_checked({.argv = {"ssh-add", what, (folder / "core").string()}}, soon());
  write("IdentityFile none");
  BOOST_TEST(ssh_logs_in());
  BOOST_TEST(problem_of_labctl() == "");
  // Here the plain key is refused too: both were offered, in this order.
  const SshNode stranger(bed.folder(), free_port(), {"-o", "AuthorizedKeysFile=none"});
  write_for_port(stranger.port(), "IdentityFile none");
  expect_in(problem_of_labctl(), "(a certificate) is refused; the agent's ed25519 is refused");
}

BOOST_AUTO_TEST_CASE(a_refused_certificate_file_is_not_the_end) {
  make("authority");
  keygen({"-s", (folder / "authority").string(), "-I", "one", "-n", "core", (folder / "core.pub").string()});
  agrees_with_ssh({"IdentityFile @core", "IdentityFile @core\n  CertificateFile @core-cert.pub",
                   "IdentityFile none\n  CertificateFile @core-cert.pub"},
                  0);
}

BOOST_AUTO_TEST_CASE(a_key_in_a_security_key_is_for_the_agent_and_costs_no_offer) {
  write_security_key(folder / "token");
  write("IdentityFile @token\n  IdentitiesOnly yes");
  const std::string problem = problem_of_labctl();
  expect_in(problem, "key file needs a security key");
  expect_in(problem, (folder / "token").string());
  inventory.nodes[0].identity = folder / "token";
  BOOST_TEST(this->problem().cause == "identity-missing");
  // A first refusal would end the login.
  const SshNode strict(bed.folder(), free_port(), {"-o", "MaxAuthTries=1"});
  make("stranger");
  write_for_port(strict.port(), "IdentityFile @stranger\n  IdentityFile @core");
  BOOST_TEST(problem_of_labctl() != "");
  write_for_port(strict.port(), "IdentityFile @token\n  IdentityFile @core");
  BOOST_TEST(problem_of_labctl() == "");
}

BOOST_AUTO_TEST_SUITE_END()
