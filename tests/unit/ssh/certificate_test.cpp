#include "ssh/certificate.hpp"

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "ssh/host_trust.hpp"
#include "ssh/signature.hpp"
#include "ssh/wire.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <ctime>

using namespace labctl;
using namespace labctl::ssh;

namespace {

void keygen(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"ssh-keygen", "-q"});
  run_checked({.argv = std::move(arguments)}, Deadline::in(std::chrono::seconds(60)));
}

// Keys and certificates, made by ssh-keygen.
struct Maker {
  std::string key(const std::string& name, const std::string& type, const std::string& bits = "256") const {
    keygen({"-t", type, "-b", bits, "-N", "", "-f", folder / name});
    return blob(name);
  }
  // The certificate of the key `name`, signed by the key `authority`.
  std::string sign(const std::string& name, const std::string& authority,
                   std::vector<std::string> options) const {
    options.insert(options.begin(), {"-s", folder / authority});
    options.push_back(folder / (name + ".pub"));
    keygen(std::move(options));
    return blob(name + "-cert");
  }
  std::string blob(const std::string& name) const {
    return decode_base64(split(read_file(folder / (name + ".pub")), ' ').at(1)).value();
  }

  const test::TempDir folder;
};

std::time_t now() { return std::time(nullptr); }

std::string problem(const Certificate& certificate) {
  return why_not_valid_host(certificate, "core1", now(), "");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(certificates)

BOOST_AUTO_TEST_CASE(every_field_is_read) {
  const Maker make;
  const auto authority = make.key("ca", "ed25519");
  const auto key = make.key("host", "ed25519");
  const auto blob = make.sign("host", "ca",
                              {"-I", "the id", "-h", "-n", "core1,core2", "-z", "77", "-V",
                               "20200101:20300101", "-O", "critical:one@of"});
  const auto certificate = read_certificate(blob);
  BOOST_TEST(certificate.key == key);
  BOOST_TEST(certificate.authority == authority);
  BOOST_TEST(certificate.serial == 77U);
  BOOST_TEST(certificate.kind == Certificate::host_kind);
  BOOST_TEST(certificate.id == "the id");
  BOOST_TEST(certificate.principals == (std::vector<std::string>{"core1", "core2"}),
             boost::test_tools::per_element());
  BOOST_TEST(certificate.valid_before - certificate.valid_after > 9U * 365 * 86400);
  BOOST_TEST(certificate.critical_options.at(0) == "one@of");
  BOOST_TEST(certificate.signature_algorithm == "ssh-ed25519");
  BOOST_TEST(certificate.line().starts_with("certificate \"the id\" (serial 77) of ssh-ed25519 SHA256:"));
}

BOOST_AUTO_TEST_CASE(every_type_of_key_and_of_authority_is_read) {
  const Maker make;
  make.key("ed25519_ca", "ed25519");
  make.key("rsa_ca", "rsa", "2048");
  for (const char* bits : {"256", "384", "521"}) make.key(std::string("ecdsa_ca") + bits, "ecdsa", bits);
  make.key("small_ca", "rsa", "1024");
  const auto rsa = make.key("rsa", "rsa", "2048");
  const auto ecdsa = make.key("ecdsa", "ecdsa", "521");
  for (const char* ca : {"ed25519_ca", "rsa_ca", "ecdsa_ca256", "ecdsa_ca384", "ecdsa_ca521", "small_ca"}) {
    BOOST_TEST(read_certificate(make.sign("rsa", ca, {"-I", "i", "-h"})).key == rsa, ca);
    BOOST_TEST(read_certificate(make.sign("ecdsa", ca, {"-I", "i", "-h"})).key == ecdsa, ca);
  }
  BOOST_TEST(read_certificate(make.sign("rsa", "rsa_ca", {"-I", "i", "-h", "-t", "rsa-sha2-256"}))
                 .signature_algorithm == "rsa-sha2-256");
  // SHA-1.
  BOOST_CHECK_THROW(read_certificate(make.sign("rsa", "rsa_ca", {"-I", "i", "-h", "-t", "ssh-rsa"})), Error);
}

BOOST_AUTO_TEST_CASE(a_changed_bit_anywhere_is_noticed) {
  const Maker make;
  make.key("ca", "ed25519");
  make.key("host", "ed25519");
  const auto blob = make.sign("host", "ca", {"-I", "i", "-h", "-n", "core1"});
  for (std::size_t at = 0; at < blob.size(); ++at) {
    std::string changed = blob;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    BOOST_CHECK_THROW(read_certificate(changed), Error);
  }
  for (std::size_t size = 0; size < blob.size(); ++size)
    BOOST_CHECK_THROW(read_certificate(std::string_view(blob).substr(0, size)), Error);
  BOOST_CHECK_THROW(read_certificate(blob + "x"), Error);
}

BOOST_AUTO_TEST_CASE(what_a_certificate_holds_for) {
  const Maker make;
  make.key("ca", "ed25519");
  make.key("host", "ed25519");
  const auto fits = read_certificate(make.sign("host", "ca", {"-I", "i", "-h", "-n", "core1"}));
  BOOST_TEST(problem(fits) == "");
  BOOST_TEST(why_not_valid_host(fits, "core1", now(), "-ssh-ed25519") ==
             "its authority has signed with ssh-ed25519, which CASignatureAlgorithms does not allow");
  auto other = fits;
  other.kind = Certificate::user_kind;
  BOOST_TEST(problem(other) == "it is a user certificate, not a host certificate");
  other = fits;
  other.principals = {"core2", "core\x1b[2J"};
  BOOST_TEST(problem(other) == "it is for core2, core?[2J, not for core1");
  other.principals = {};
  BOOST_TEST(problem(other) == "");
  other = fits;
  other.valid_after = static_cast<std::uint64_t>(now()) + 3600;
  BOOST_TEST(problem(other).starts_with("it is not valid before 2"));
  other = fits;
  other.valid_before = 1'000'000'000;
  BOOST_TEST(problem(other) == "it expired at 2001-09-09 01:46:40 UTC");
  other = fits;
  other.critical_options = {"unheard"};
  BOOST_TEST(problem(other) == "it has the critical option unheard, which labctl does not know for hosts");
}

BOOST_AUTO_TEST_CASE(a_time_is_valid_from_its_first_second_until_before_its_last) {
  const Maker make;
  make.key("ca", "ed25519");
  make.key("host", "ed25519");
  auto certificate = read_certificate(make.sign("host", "ca", {"-I", "i", "-h"}));
  certificate.valid_after = 100;
  certificate.valid_before = 200;
  for (const auto& [time, valid] :
       std::vector<std::pair<std::time_t, bool>>{{99, false}, {100, true}, {199, true}, {200, false}})
    BOOST_TEST(why_not_valid_host(certificate, "core1", time, "").empty() == valid, time);
}

BOOST_AUTO_TEST_CASE(known_hosts_judges_a_certificate) {
  const Maker make;
  const auto authority = make.key("ca", "ed25519");
  const auto key = make.key("host", "ed25519");
  const auto blob = make.sign("host", "ca", {"-I", "i", "-h", "-n", "core1"});
  const auto judge = [&](const std::string& text, const std::string& host_keys = "") {
    KnownHosts known;
    known.add(text);
    return judge_host(known, "Core1", 2222, blob, now(), {.host_keys = host_keys});
  };
  const std::string ca = " ssh-ed25519 " + encode_base64(authority) + "\n",
                    plain = " ssh-ed25519 " + encode_base64(key) + "\n";
  BOOST_TEST((judge("@cert-authority core1" + ca).verdict == HostKeyVerdict::match));
  BOOST_TEST(judge("@cert-authority core1" + ca).certificate_problem == "");
  BOOST_TEST((judge("@cert-authority core1" + ca + "@revoked *" + plain).verdict == HostKeyVerdict::revoked));
  BOOST_TEST((judge("@cert-authority core1" + ca + "@revoked *" + ca).verdict == HostKeyVerdict::revoked));
  BOOST_TEST((judge("core1" + ca).verdict == HostKeyVerdict::changed));
  BOOST_TEST((judge("core1" + plain).verdict == HostKeyVerdict::match));
  BOOST_TEST(judge("core1" + plain).certificate_problem ==
             "its authority is not one that known_hosts has for [core1]:2222");
  // The key in a certificate counts only where the host could have shown it without.
  for (const auto* list : {"ssh-ed25519", "-ssh-rsa*", "ssh-ed25519-cert-v01@openssh.com,ssh-ed25519"})
    BOOST_TEST((judge("core1" + plain, list).verdict == HostKeyVerdict::match), list);
  for (const auto* list : {"ssh-ed25519-cert-v01@openssh.com", "*-cert-v01@openssh.com", "-ssh-ed25519"}) {
    BOOST_TEST((judge("core1" + plain, list).verdict == HostKeyVerdict::only_in_certificate), list);
    BOOST_TEST((judge("@cert-authority core1" + ca, list).verdict == HostKeyVerdict::match), list);
    BOOST_TEST((judge("core1" + ca, list).verdict == HostKeyVerdict::changed), list);
  }
  BOOST_TEST(judge("").key == key);
  BOOST_TEST((judge("").verdict == HostKeyVerdict::unknown));
}

BOOST_AUTO_TEST_CASE(types_and_algorithms_have_a_plain_name) {
  for (const auto& [name, plain] : std::vector<std::pair<std::string, std::string>>{
           {"ssh-ed25519-cert-v01@openssh.com", "ssh-ed25519"},
           {"rsa-sha2-512-cert-v01@openssh.com", "rsa-sha2-512"},
           {"sk-ssh-ed25519-cert-v01@openssh.com", "sk-ssh-ed25519@openssh.com"},
           {"ssh-rsa", "ssh-rsa"},
           {"sk-ssh-ed25519@openssh.com", "sk-ssh-ed25519@openssh.com"}})
    BOOST_TEST(plain_type(name) == plain);
}

BOOST_AUTO_TEST_SUITE_END()
