#include "salt_outputs.hpp"

namespace labctl::inventory {
namespace {

const std::string ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEc= root@core1";
const std::string ecdsa = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY= root@core1";

}  // namespace

BOOST_AUTO_TEST_SUITE(salt_host_keys)

BOOST_AUTO_TEST_CASE(the_public_keys_of_a_minion_are_taken_from_any_form) {
  for (const std::string& text :
       {"{\"core1\": {\"ed25519.pub\": \"" + ed25519 + "\", \"ecdsa.pub\": \"" + ecdsa + "\"}}\n",
        "{\"core1\": \"" + ed25519 + "\\n" + ecdsa + "\"}\n",
        "core1:\n    ----------\n    ed25519.pub:\n        " + ed25519 + "\n    ecdsa.pub:\n        " +
            ecdsa + "\n",
        "core1:\n    " + ed25519 + "\n    " + ecdsa + "\n", "core1: " + ed25519 + "\ncore1: " + ecdsa + "\n",
        "core1:\n  ed25519.pub: " + ed25519 + "\n  ecdsa.pub: " + ecdsa + "\n",
        "core1: '" + ed25519 + "\n\n  " + ecdsa + "'\n"}) {
    BOOST_TEST_CONTEXT(text) {
      const auto keys = parse_salt_host_keys(text, "keys");
      BOOST_REQUIRE_EQUAL(keys.size(), 1u);
      BOOST_CHECK(keys[0].keys == (std::vector<std::string>{ed25519, ecdsa}));
      BOOST_CHECK(!keys[0].secrets);
    }
  }
}

BOOST_AUTO_TEST_CASE(private_keys_and_certificates_are_not_taken) {
  const auto keys = parse_salt_host_keys(
      "{\"core1\": {\"ed25519\": \"-----BEGIN OPENSSH PRIVATE KEY-----\\nb3Blbn\\n\", \"ed25519.pub\": \"" +
          ed25519 + "\", \"rsa-cert.pub\": \"ssh-rsa-cert-v01@openssh.com AAAA\"}}\n",
      "keys");
  BOOST_CHECK(keys.at(0).keys == std::vector<std::string>{ed25519});
  BOOST_CHECK(keys.at(0).secrets);
}

BOOST_AUTO_TEST_CASE(a_minion_without_keys_says_why) {
  const auto keys = parse_salt_host_keys(
      "{\"core1\": {}}\n{\"core2\": \"Minion did not return. [Not connected]\"}\n", "keys");
  BOOST_REQUIRE_EQUAL(keys.size(), 2u);
  BOOST_CHECK_EQUAL(keys[0].problem, "it gave no host keys");
  BOOST_CHECK_EQUAL(keys[1].problem, "Minion did not return. [Not connected]");
}

BOOST_AUTO_TEST_CASE(two_machines_with_one_id_are_refused) {
  BOOST_CHECK_THROW(parse_salt_host_keys("core1: " + ed25519 + "\ncore2: x\ncore1: " + ecdsa + "\n", "keys"),
                    Error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::inventory
