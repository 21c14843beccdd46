#include "inventory/salt.hpp"

#include "base/paths.hpp"
#include "inventory/write.hpp"
#include "support.hpp"

#include <algorithm>

namespace labctl::inventory {
namespace {

// Files made with Salt 3008's own outputters.
std::string sample(const std::string& name) {
  return read_file(std::string(LABCTL_INVENTORY_FOLDER) + "/salt-samples/" + name);
}

bool has(const std::vector<std::string>& notes, const std::string& words) {
  return std::any_of(notes.begin(), notes.end(),
                     [&](auto& note) { return note.find(words) != std::string::npos; });
}

void check(const SaltAnswer& answer, const std::string& minion, const std::string& address) {
  BOOST_CHECK_EQUAL(answer.minion, minion);
  BOOST_CHECK(answer.addresses == std::vector<std::string>{address});
  BOOST_CHECK_EQUAL(answer.problem, "");
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(salt, Places)

BOOST_AUTO_TEST_CASE(every_form_of_four_answers_makes_the_same_inventory) {
  const auto expected = parse(
      "version: 1\ndefaults: {user: core}\nnodes: {core1: {address: 192.168.122.95}, core2: {address: "
      "192.168.122.108}, "
      "core3: {address: 192.168.122.157}, core4: {address: 192.168.122.221}}\n",
      "");
  for (const auto* name : {"nested.txt", "nested-colour.txt", "json.txt", "yaml.txt"}) {
    const auto made = inventory_from_salt(parse_salt(sample(name)), {});
    BOOST_TEST_CONTEXT(name) {
      BOOST_CHECK(made.inventory == expected);
      BOOST_CHECK(made.notes.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_minion_that_did_not_answer_is_named_in_every_form) {
  for (const auto* name : {"nested-unanswered.txt", "json-unanswered.txt", "json-static-unanswered.txt",
                           "yaml-unanswered.txt"}) {
    BOOST_TEST_CONTEXT(name) {
      const auto output = parse_salt(sample(name));
      BOOST_CHECK_EQUAL(output.answers.size(), 7u);
      BOOST_CHECK(output.messages ==
                  std::vector<std::string>{"ERROR: Minions returned with non-zero exit code"});
      const auto made = inventory_from_salt(output, {.user = "admin", .identity = "~/k"});
      BOOST_REQUIRE_EQUAL(made.inventory.nodes.size(), 2u);
      BOOST_CHECK_EQUAL(made.inventory.nodes[0].name, "core1");
      BOOST_CHECK_EQUAL(made.inventory.nodes[0].user, "admin");
      BOOST_CHECK_EQUAL(made.inventory.nodes[0].identity->string(), "/home/tester/k");
      BOOST_CHECK_EQUAL(made.inventory.nodes[1].address, "192.168.122.108");
      BOOST_CHECK(has(made.notes, "core2 has several addresses: took 192.168.122.108, not 10.0.0.5"));
      BOOST_CHECK(has(made.notes, "minion core3 is left out: Minion did not return. [No response]"));
      BOOST_CHECK(has(made.notes, "minion core4 is left out: Minion did not return. [Not connected]"));
      for (const std::string silent : {"core5", "core6", "core7"})
        BOOST_CHECK(has(made.notes, "minion " + silent + " is left out"));
      BOOST_CHECK(has(made.notes, "salt says: ERROR: Minions returned"));
    }
  }
}

BOOST_AUTO_TEST_CASE(nodes_are_in_the_order_people_count) {
  const auto made = inventory_from_salt(
      parse_salt("core10:\n    - 192.0.2.10\ncore9:\n    - 192.0.2.9\nbox:\n    - 192.0.2.1\n"), {});
  BOOST_REQUIRE_EQUAL(made.inventory.nodes.size(), 3u);
  BOOST_CHECK_EQUAL(made.inventory.nodes[0].name, "box");
  BOOST_CHECK_EQUAL(made.inventory.nodes[1].name, "core9");
}

BOOST_AUTO_TEST_CASE(log_lines_between_the_answers_are_passed_over) {
  const std::string text =
      "[WARNING ] Key 'file_ignore_glob' is deprecated\nExecuting job with jid "
      "20261122\n-----------------\n\n"
      "core1:\r\n    - 192.0.2.1\r\n[ERROR   ] lost\ncore2.example.org:\n    - fd00::2\n";
  const auto output = parse_salt(text);
  BOOST_REQUIRE_EQUAL(output.answers.size(), 2u);
  check(output.answers[0], "core1", "192.0.2.1");
  check(output.answers[1], "core2.example.org", "fd00::2");
}

BOOST_AUTO_TEST_CASE(a_minion_that_answers_late_is_taken_once) {
  const auto output =
      parse_salt("core1:\n    Minion did not return. [No response]\ncore1:\n    - 192.0.2.1\n");
  BOOST_REQUIRE_EQUAL(output.answers.size(), 1u);
  check(output.answers[0], "core1", "192.0.2.1");
}

BOOST_AUTO_TEST_CASE(no_minion_is_an_error_with_salts_own_words) {
  BOOST_CHECK_EXCEPTION(parse_salt(sample("no-minions.txt")), Error, [](const Error& error) {
    return error.kind() == Kind::invalid &&
           std::string(error.what()).find("No minions matched the target") != std::string::npos;
  });
  for (const std::string text :
       {"", "\n\n", "hello world\n", "{}", "{\"a\": [", "{\"a\" 1}", "salt: command not found!\n"}) {
    BOOST_TEST_CONTEXT(text) {
      bool refused = false;
      try {
        inventory_from_salt(parse_salt(text), {});
      } catch (const Error& error) {
        refused = error.kind() == Kind::invalid;
      }
      BOOST_CHECK(refused);
    }
  }
}

BOOST_AUTO_TEST_CASE(all_silent_is_an_error_that_names_them) {
  BOOST_CHECK_EXCEPTION(
      inventory_from_salt(parse_salt("core1:\n    Minion did not return. [Not connected]\n"), {}), Error,
      [](const Error& error) { return std::string(error.what()).find("core1") != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(names_and_addresses_that_make_no_valid_inventory_are_refused) {
  BOOST_CHECK_THROW(inventory_from_salt(parse_salt("{\"../x\": [\"192.0.2.1\"]}"), {}), Error);
  BOOST_CHECK_THROW(inventory_from_salt(parse_salt("a:\n    - 192.0.2.1\nb:\n    - 192.0.2.1\n"), {}), Error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::inventory
