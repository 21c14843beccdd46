#include "base/paths.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "user_config.hpp"

#include <cstdlib>
#include <fstream>

using namespace labctl;
using namespace labctl::test;

namespace {

// An sshd that trusts an authority and knows no key of the user by itself.
struct Trusting : UserConfig {
  Trusting() {
    std::ofstream(known_hosts) << "* " << host_key;
    for (const char* name : {"ca", "other_ca"}) make(name, "ed25519");
    for (const char* type : {"ed25519", "ecdsa", "rsa"}) {
      make(std::string("beside-") + type, type);
      sign(std::string("beside-") + type, "ca", {"-n", "core"});
    }
    make("alone", "ed25519");
    for (const auto& [name, authority, options] :
         std::vector<std::tuple<std::string, std::string, std::vector<std::string>>>{
             {"good", "ca", {"-n", "core"}},
             {"wrong-user", "ca", {"-n", "root"}},
             {"expired", "ca", {"-n", "core", "-V", "20200101:20200201"}},
             {"stranger", "other_ca", {"-n", "core"}},
             {"host", "ca", {"-h", "-n", "core"}}}) {
      sign("alone", authority, options);
      std::filesystem::rename(folder / "alone-cert.pub", folder / (name + ".pub"));
    }
  }
  ~Trusting() {
    ::unsetenv("SSH_AUTH_SOCK");
    if (agent_pid != 0) ::kill(agent_pid, SIGTERM);
  }
  Trusting(const Trusting&) = delete;
  Trusting& operator=(const Trusting&) = delete;

  void make(const std::string& name, const std::string& type) const {
    if (!std::filesystem::exists(folder / name))
      keygen({"-t", type, "-N", "", "-C", name, "-f", (folder / name).string()});
  }

  void sign(const std::string& key, const std::string& authority, std::vector<std::string> options) const {
    options.insert(options.end(),
                   {"-s", (folder / authority).string(), "-I", key, (folder / (key + ".pub")).string()});
    keygen(std::move(options));
  }

  // Every line begins with the keys to use, so that none of the testbed's is.
  void write(const std::string& text) const {
    write_without_key(replace_all(text, "@", folder.string() + "/"), sshd.port());
  }

  // ssh-agent with these keys; ssh-add takes the certificate beside a key too.
  void start_agent(const std::vector<std::string>& keys) {
    const auto socket = folder / "agent";
    const auto said = run_checked({.argv = {"ssh-agent", "-s", "-a", socket.string()}}, soon());
    agent_pid = std::stoi(said.substr(said.find("SSH_AGENT_PID=") + 14));
    ::setenv("SSH_AUTH_SOCK", socket.c_str(), 1);
    for (const auto& key : keys) run_checked({.argv = {"ssh-add", "-q", (folder / key).string()}}, soon());
  }

  void agrees_with_ssh(const std::vector<std::string>& lines, int least) {
    UserConfig::agrees_with_ssh(
        lines, [this](const std::string& line) { write(line); }, least);
  }

  const TempDir own;
  const std::filesystem::path folder = own.path();
  SshNode sshd{bed.folder(),
               free_port(),
               {"-o", "TrustedUserCAKeys=" + authority_in_the_node(), "-o", "AuthorizedKeysFile=none"}};
  pid_t agent_pid = 0;

private:
  // The node sees the testbed's folder only.
  std::string authority_in_the_node() const {
    make("ca", "ed25519");
    const auto copy = bed.folder() / "user_ca.pub";
    std::filesystem::copy_file(folder / "ca.pub", copy, std::filesystem::copy_options::overwrite_existing);
    return copy.string();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(user_certificates, Trusting)

BOOST_AUTO_TEST_CASE(labctl_logs_in_with_a_certificate_where_ssh_does) {
  agrees_with_ssh({"IdentityFile @beside-ed25519", "IdentityFile @beside-ecdsa", "IdentityFile @beside-rsa",
                   "IdentityFile @alone", "IdentityFile @alone\n  CertificateFile @good.pub",
                   "CertificateFile @good.pub\n  IdentityFile @beside-ed25519",
                   ("CertificateFile @good.pub\n  CertificateFile @beside-ed25519-cert.pub\n"
                    "  IdentityFile @beside-ed25519"),
                   "CertificateFile @expired.pub\n  CertificateFile @good.pub\n  IdentityFile @alone",
                   "IdentityFile @alone\n  CertificateFile @wrong-user.pub",
                   "IdentityFile @alone\n  CertificateFile @expired.pub",
                   "IdentityFile @alone\n  CertificateFile @stranger.pub",
                   "IdentityFile @alone\n  CertificateFile @host.pub",
                   "IdentityFile @alone\n  CertificateFile @missing.pub",
                   "IdentityFile @beside-ed25519\n  CertificateFile @missing.pub",
                   "IdentityFile @alone\n  CertificateFile @alone.pub"},
                  4);
}

BOOST_AUTO_TEST_CASE(labctl_logs_in_with_certificates_of_an_agent_where_ssh_does) {
  start_agent({"beside-rsa", "alone"});
  agrees_with_ssh({"IdentityFile none", "IdentityFile none\n  CertificateFile @good.pub",
                   "IdentityFile @beside-rsa.pub\n  IdentitiesOnly yes",
                   "IdentityFile @alone.pub\n  IdentitiesOnly yes\n  CertificateFile @good.pub",
                   "IdentityFile @alone.pub\n  IdentitiesOnly yes", "IdentityAgent none\n  IdentityFile none",
                   "IdentityFile @alone.pub\n  IdentitiesOnly yes\n  CertificateFile @expired.pub"},
                  2);
}

BOOST_AUTO_TEST_CASE(why_each_certificate_was_not_taken_is_said_in_order) {
  write(
      "IdentityFile @alone\n  CertificateFile @host.pub\n  CertificateFile @expired.pub\n  CertificateFile "
      "@wrong-user.pub\n  CertificateFile @beside-rsa-cert.pub");
  const std::string problem = problem_of_labctl();
  std::size_t at = 0;
  for (const char* part : {"host.pub is not used: it is a host certificate, not a user certificate",
                           "expired.pub is refused; it expired at 2020",
                           "wrong-user.pub is refused; it does not name the user core",
                           "no key file and no agent has the private key of certificate", "alone is refused",
                           "or the certificate's authority in TrustedUserCAKeys?"}) {
    const auto found = problem.find(part, at);
    BOOST_TEST(found != std::string::npos, std::string(part) + " in: " + problem);
    if (found != std::string::npos) at = found;
  }
}

BOOST_AUTO_TEST_SUITE_END()
