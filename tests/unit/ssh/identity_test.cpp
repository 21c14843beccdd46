#include "ssh/identity.hpp"

#include "base/process.hpp"
#include "ssh/known_hosts.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include <fstream>

using namespace labctl;
using namespace labctl::ssh;

namespace {

std::filesystem::path make_key(const test::TempDir& folder, const std::string& type,
                               const std::string& passphrase, const std::string& format = "RFC4716") {
  const auto path = folder / (type + format);
  run_checked({.argv = {"ssh-keygen", "-q", "-t", type, "-m", format, "-N", passphrase, "-f", path.string()}},
              Deadline::in(std::chrono::seconds(60)));
  return path;
}

Cause cause_of(const std::filesystem::path& path) {
  try {
    load_identity(path);
  } catch (const Failure& failure) {
    return failure.cause();
  }
  BOOST_FAIL("should have failed");
  return Cause::stopped;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(identity)

BOOST_AUTO_TEST_CASE(a_key_in_openssh_s_format_tells_its_public_part) {
  const test::TempDir folder;
  const auto identity = load_identity(make_key(folder, "ed25519", ""));
  BOOST_TEST(!identity.encrypted);
  BOOST_TEST(key_type(identity.public_key) == "ssh-ed25519");
}

BOOST_AUTO_TEST_CASE(an_encrypted_key_is_noticed_in_both_formats) {
  const test::TempDir folder;
  BOOST_TEST(load_identity(make_key(folder, "ed25519", "secret")).encrypted);
  BOOST_TEST(load_identity(make_key(folder, "ecdsa", "secret", "PEM")).encrypted);
  BOOST_TEST(load_identity(make_key(folder, "ecdsa", "secret", "PKCS8")).encrypted);
}

BOOST_AUTO_TEST_CASE(a_pem_key_takes_its_public_part_from_beside) {
  const test::TempDir folder;
  const auto path = make_key(folder, "ecdsa", "", "PEM");
  BOOST_TEST(key_type(load_identity(path).public_key) == "ecdsa-sha2-nistp256");
  std::filesystem::remove(path.string() + ".pub");
  const auto alone = load_identity(path);
  BOOST_TEST(alone.public_key.empty());
  BOOST_TEST(!alone.encrypted);
}

BOOST_AUTO_TEST_CASE(a_public_key_stands_for_one_of_the_agent) {
  const test::TempDir folder;
  const auto path = make_key(folder, "ed25519", "");
  const std::string key = load_identity(path).public_key;
  const auto beside = load_identity(path.string() + ".pub");
  BOOST_TEST(beside.public_only);
  BOOST_TEST(!beside.usable());
  BOOST_TEST(beside.public_key == key);
  std::filesystem::remove(path);
  const auto alone = load_identity(path);
  BOOST_TEST(alone.public_only);
  BOOST_TEST(alone.public_key == key);
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_missing) {
  const test::TempDir folder;
  BOOST_TEST((cause_of(folder / "none") == Cause::identity_missing));
  BOOST_TEST((cause_of(folder / "none/below") == Cause::identity_missing));
}

BOOST_AUTO_TEST_CASE(rights_for_others_are_too_many) {
  const test::TempDir folder;
  const auto path = make_key(folder, "ed25519", "");
  for (const mode_t mode : {0640u, 0604u, 0620u, 0611u}) {
    ::chmod(path.c_str(), mode);
    BOOST_TEST((cause_of(path) == Cause::identity_too_open));
  }
  ::chmod(path.c_str(), 0400);
  BOOST_TEST(!load_identity(path).text.empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_key_is_invalid) {
  const test::TempDir folder;
  std::ofstream(folder / "other") << "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIA== me\n";
  BOOST_TEST((cause_of(folder / "other") == Cause::identity_invalid));
  std::ofstream(folder / "text")
      << "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n";
  BOOST_TEST((cause_of(folder / "text") == Cause::identity_invalid));
}

BOOST_AUTO_TEST_CASE(every_cause_has_a_word_of_its_own) {
  for (int i = 0; i <= static_cast<int>(Cause::stopped); ++i) {
    const auto cause = static_cast<Cause>(i);
    BOOST_TEST((cause_from(to_string(cause)) == cause));
  }
  BOOST_CHECK_THROW(cause_from("nonsense"), Error);
}

BOOST_AUTO_TEST_SUITE_END()
