#include "base/paths.hpp"
#include "base/process.hpp"
#include "user_config.hpp"

#include <algorithm>
#include <fstream>
#include <map>

using namespace labctl;
using namespace labctl::test;

namespace {

// Hosts with certificates of an authority, made by ssh-keygen -s.
struct Certified : UserConfig {
  Certified() {
    std::filesystem::create_directories(folder);
    make("ca", {"-t", "ed25519"});
    make("other_ca", {"-t", "ed25519"});
    make("rsa_ca", {"-t", "rsa", "-b", "2048"});
    make("ecdsa_ca", {"-t", "ecdsa", "-b", "384"});
  }

  void make(const std::string& name, std::vector<std::string> type) const {
    if (std::filesystem::exists(folder / name)) return;
    type.insert(type.end(), {"-N", "", "-C", name, "-f", (folder / name).string()});
    keygen(std::move(type));
  }

  std::string line_of(const std::string& name) const { return read_file(folder / (name + ".pub")); }

  // The certificate of a public key, signed as `options` say (-s, -h, -n, -V).
  std::filesystem::path sign(const std::filesystem::path& key, const std::string& name,
                             std::vector<std::string> options) const {
    std::filesystem::copy_file(key, folder / (name + ".pub"),
                               std::filesystem::copy_options::overwrite_existing);
    for (auto& option : options) {
      if (option.ends_with("ca")) option = (folder / option).string();
    }
    options.insert(options.end(), {"-I", name, (folder / (name + ".pub")).string()});
    keygen(std::move(options));
    return folder / (name + "-cert.pub");
  }

  // The sshd with this certificate of the host's key; started once.
  SshNode& host(const std::string& name) {
    auto& node = hosts[name];
    if (!node) {
      const auto certificate = sign(bed.folder() / "host_ed25519_key.pub", name, certificates.at(name));
      node = std::make_unique<SshNode>(
          bed.folder(), free_port(),
          std::vector<std::string>{"-o", "HostCertificate=" + certificate.string()});
    }
    return *node;
  }

  const std::filesystem::path folder = bed.folder() / "certificates";
  std::map<std::string, std::unique_ptr<SshNode>> hosts;
  const std::map<std::string, std::vector<std::string>> certificates{
      {"valid", {"-s", "ca", "-h", "-n", "127.0.0.1"}},
      {"several", {"-s", "ca", "-h", "-n", "a.lab,127.0.0.1,lab.one"}},
      {"alias", {"-s", "ca", "-h", "-n", "lab.one"}},
      {"wildcard", {"-s", "ca", "-h", "-n", "127.0.0.*"}},
      {"anything", {"-s", "ca", "-h"}},
      {"wrong", {"-s", "ca", "-h", "-n", "127.0.0.2"}},
      {"with-port", {"-s", "ca", "-h", "-n", "[127.0.0.1]:22"}},
      {"expired", {"-s", "ca", "-h", "-n", "127.0.0.1", "-V", "20200101:20200201"}},
      {"future", {"-s", "ca", "-h", "-n", "127.0.0.1", "-V", "20990101:21000101"}},
      {"period", {"-s", "ca", "-h", "-n", "127.0.0.1", "-V", "-1h:+1h"}},
      {"user", {"-s", "ca", "-n", "127.0.0.1"}},
      {"critical", {"-s", "ca", "-h", "-n", "127.0.0.1", "-O", "critical:unheard@of"}},
      {"extension", {"-s", "ca", "-h", "-n", "127.0.0.1", "-O", "extension:unheard@of"}},
      {"stranger", {"-s", "other_ca", "-h", "-n", "127.0.0.1"}},
      {"by-rsa-512", {"-s", "rsa_ca", "-t", "rsa-sha2-512", "-h", "-n", "127.0.0.1"}},
      {"by-rsa-256", {"-s", "rsa_ca", "-t", "rsa-sha2-256", "-h", "-n", "127.0.0.1"}},
      {"by-rsa-sha1", {"-s", "rsa_ca", "-t", "ssh-rsa", "-h", "-n", "127.0.0.1"}},
      {"by-ecdsa", {"-s", "ecdsa_ca", "-h", "-n", "127.0.0.1"}}};
};

// One login: a host's certificate, what known_hosts has, and the configuration.
struct Row {
  std::string certificate;
  // {NAME}: the host with its port; {HASHED}: the same, hashed; {CA}, {KEY}: the lines of their .pub files.
  std::string known_hosts;
  std::string config = "Compression no";
};

const std::string by_ca = "@cert-authority * {CA}";

const std::vector<Row> rows{
    {"valid", by_ca},
    {"several", by_ca},
    {"wildcard", by_ca},
    {"anything", by_ca},
    {"wrong", by_ca},
    {"alias", by_ca},
    {"with-port", by_ca},
    {"expired", by_ca},
    {"future", by_ca},
    {"period", by_ca},
    {"user", by_ca},
    {"critical", by_ca},
    {"extension", by_ca},
    {"stranger", by_ca},
    {"stranger", by_ca + "@cert-authority * {OTHER}"},
    {"by-rsa-512", "@cert-authority * {RSA}"},
    {"by-rsa-256", "@cert-authority * {RSA}"},
    {"by-rsa-sha1", "@cert-authority * {RSA}"},
    {"by-ecdsa", "@cert-authority * {ECDSA}"},
    // Names of the authority's line.
    {"valid", "@cert-authority {NAME} {CA}"},
    {"valid", "@cert-authority 127.0.0.1 {CA}"},
    {"valid", "@cert-authority [127.0.0.1]:1 {CA}"},
    {"valid", "@cert-authority [127.0.0.*]:* {CA}"},
    {"valid", "@cert-authority *,!127.0.0.1 {CA}"},
    {"valid", "@cert-authority *,!{NAME} {CA}"},
    {"valid", "@cert-authority {HASHED} {CA}"},
    {"wrong", "@cert-authority {HASHED} {CA}"},
    {"valid", "@cert-authority lab.one {CA}"},
    {"valid", "{NAME} {CA}"},
    {"valid", ""},
    // Revoked.
    {"valid", by_ca + "@revoked * {CA}"},
    {"valid", "@revoked * {CA}" + by_ca},
    {"valid", by_ca + "@revoked * {KEY}"},
    {"valid", by_ca + "@revoked {NAME} {CA}"},
    {"valid", by_ca + "@revoked lab.one {CA}"},
    {"valid", by_ca + "@revoked * {OTHER}"},
    {"valid", "@revoked 127.0.0.1 {CA}@cert-authority {NAME} {CA}"},
    {"valid", "{NAME} {KEY}@revoked * {CA}"},
    // The plain key in the certificate.
    {"valid", "{NAME} {KEY}"},
    {"wrong", by_ca + "{NAME} {KEY}"},
    {"expired", by_ca + "127.0.0.1 {KEY}"},
    {"user", by_ca + "{NAME} {KEY}"},
    {"critical", by_ca + "{NAME} {KEY}"},
    {"stranger", by_ca + "{NAME} {KEY}"},
    {"wrong", by_ca + "{NAME} {OTHER}"},
    {"valid", by_ca + "{NAME} {OTHER}"},
    // The name is that of HostKeyAlias.
    {"alias", by_ca, "HostKeyAlias lab.one"},
    {"alias", by_ca, "HostKeyAlias LAB.one"},
    {"alias", "@cert-authority lab.* {CA}", "HostKeyAlias lab.one"},
    {"alias", "@cert-authority {NAME} {CA}", "HostKeyAlias lab.one"},
    {"valid", by_ca, "HostKeyAlias lab.one"},
    {"several", by_ca, "HostKeyAlias lab.one"},
    // Algorithms.
    {"valid", by_ca, "CASignatureAlgorithms ecdsa-sha2-nistp256"},
    {"valid", by_ca, "CASignatureAlgorithms -ssh-ed25519"},
    {"valid", by_ca, "CASignatureAlgorithms ssh-ed25519"},
    {"by-rsa-256", "@cert-authority * {RSA}", "CASignatureAlgorithms -rsa-sha2-256"},
    {"valid", by_ca, "HostKeyAlgorithms ssh-ed25519"},
    {"valid", by_ca, "HostKeyAlgorithms ssh-ed25519,ssh-ed25519-cert-v01@openssh.com"},
    {"valid", by_ca, "HostKeyAlgorithms ssh-ed25519-cert-v01@openssh.com"},
    {"valid", by_ca, "HostKeyAlgorithms -*-cert-v01@openssh.com"},
    {"valid", by_ca, "HostKeyAlgorithms ^ssh-ed25519"},
    {"valid", by_ca, "HostKeyAlgorithms rsa-sha2-512-cert-v01@openssh.com"}};

std::string replaced(std::string text, const std::string& word, const std::string& by) {
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + by.size()))
    text.replace(at, word.size(), by);
  return text;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(host_certificates, Certified)

BOOST_AUTO_TEST_CASE(labctl_trusts_a_certificate_where_ssh_does) {
  const auto write = [this](const Row& row) {
    const std::string name = "[127.0.0.1]:" + std::to_string(host(row.certificate).port());
    std::ofstream(folder / "hashed") << name << " " << host_key;
    keygen({"-H", "-f", (folder / "hashed").string()});
    const std::string hashed_line = read_file(folder / "hashed");
    std::string text = row.known_hosts;
    for (const auto& [word, by] : std::vector<std::pair<std::string, std::string>>{
             {"{OTHER}", line_of("other_ca")},
             {"{ECDSA}", line_of("ecdsa_ca")},
             {"{RSA}", line_of("rsa_ca")},
             {"{KEY}", host_key},
             {"{CA}", line_of("ca")},
             {"{HASHED}", hashed_line.substr(0, hashed_line.find(' '))},
             {"{NAME}", name}})
      text = replaced(text, word, by);
    std::ofstream(known_hosts) << text;
    UserConfig::write(row.config, host(row.certificate).port());
  };
  std::vector<std::string> names;
  for (const Row& row : rows) {
    names.push_back(std::to_string(names.size()) + ": " + row.certificate + ", " + row.known_hosts + ", " +
                    row.config);
  }
  agrees_with_ssh(
      names, [&](const std::string& name) { write(rows.at(std::stoul(name))); }, 15);
}

// OpenSSH 9.2 trusts the key in a certificate here, OpenSSH 10.0 does not. labctl does as the newer one.
BOOST_AUTO_TEST_CASE(a_key_counts_only_in_a_certificate_if_only_certificates_are_allowed) {
  std::ofstream(known_hosts) << "[127.0.0.1]:" << host("valid").port() << " " << host_key;
  UserConfig::write("HostKeyAlgorithms ssh-ed25519-cert-v01@openssh.com", host("valid").port());
  const auto problem = problem_of_labctl();
  BOOST_TEST(
      problem.find("HostKeyAlgorithms allows ssh-ed25519 only in a certificate; its certificate \"valid\"") !=
          std::string::npos,
      problem);
  UserConfig::write("HostKeyAlgorithms ssh-ed25519-cert-v01@openssh.com,ssh-ed25519", host("valid").port());
  BOOST_TEST(problem_of_labctl() == "");
  BOOST_TEST(ssh_logs_in());
}

// One host with a key of each type, and certificates of them: the exchange is signed with the key in it.
BOOST_AUTO_TEST_CASE(every_type_of_certificate_is_negotiated) {
  const auto types = folder / "types";
  std::filesystem::create_directories(types);
  std::filesystem::copy_file(bed.folder() / "authorized_keys", types / "authorized_keys");
  std::vector<std::string> options;
  for (const auto& [type, bits] : std::vector<std::pair<std::string, std::string>>{
           {"ed25519", "256"}, {"rsa", "3072"}, {"ecdsa", "256"}, {"ecdsa", "384"}, {"ecdsa", "521"}}) {
    const std::string name = "host_" + type + bits + "_key";
    keygen({"-t", type, "-b", bits, "-N", "", "-f", (types / name).string()});
    options.push_back("-o");
    options.push_back("HostCertificate=" + sign(types / (name + ".pub"), "types/" + type + bits,
                                                {"-s", "ca", "-h", "-n", "127.0.0.1"})
                                               .string());
  }
  const SshNode sshd(types, free_port(), options);
  std::ofstream(known_hosts) << "@cert-authority * " << line_of("ca");
  for (const char* name : {"ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
                           "rsa-sha2-256", "rsa-sha2-512"}) {
    UserConfig::write("HostKeyAlgorithms " + std::string(name) + "-cert-v01@openssh.com", sshd.port());
    BOOST_TEST(ssh_logs_in(), name);
    BOOST_TEST(problem_of_labctl() == "", name);
    const auto seen = tunnels::host_key(node(), soon()).key;
    BOOST_TEST(seen.certificate.starts_with("certificate \"types/"), seen.certificate);
    BOOST_TEST(seen.certificate_problem == "");
    BOOST_TEST((seen.verdict == ssh::HostKeyVerdict::match));
  }
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_a_certificate_is_said) {
  const auto problem_with = [this](const std::string& certificate, const std::string& text) {
    std::ofstream(known_hosts) << text;
    UserConfig::write("Compression no", host(certificate).port());
    return problem_of_labctl();
  };
  const auto says = [](const std::string& problem, const std::string& part) {
    BOOST_TEST(problem.find(part) != std::string::npos, problem);
  };
  const std::string trusted = "@cert-authority * " + line_of("ca");
  const auto expired = problem_with("expired", trusted);
  says(expired,
       known_hosts.string() + ":1 trusts the host by a certificate authority; its certificate \"expired\"");
  says(expired, "is not trusted: it expired at 2020-0");
  says(expired, "ssh-keygen -s CA -h -n NAME");
  says(problem_with("wrong", trusted), "it is for 127.0.0.2, not for 127.0.0.1");
  says(problem_with("stranger", trusted), "its authority is not one that known_hosts has for [127.0.0.1]:");
  const auto revoked = problem_with("valid", trusted + "@revoked * " + line_of("ca"));
  says(revoked, "its key or its authority is revoked");
  says(revoked, "host key is revoked in " + known_hosts.string() + ":2");
  // Without a certificate.
  const SshNode plain(bed.folder(), free_port());
  std::ofstream(known_hosts) << trusted;
  UserConfig::write("Compression no", plain.port());
  says(problem_of_labctl(), "but the host has shown a plain key");
}

BOOST_AUTO_TEST_SUITE_END()
