// Every form of salt's output, and the text that can surround it: inputs as users of salt reported them.
#include "base/text.hpp"
#include "salt_outputs.hpp"

namespace labctl::inventory {
namespace {

const NodeSet four = {{"core1", "192.168.122.91"},
                      {"core2", "192.168.122.92"},
                      {"core3", "192.168.122.93"},
                      {"core4", "192.168.122.94"}};
const NodeSet two = {{"node-a", "10.20.0.11"}, {"node-b", "10.20.0.12"}};

// The same answers of two minions in every form.
const std::map<std::string, std::string> forms = {
    {"nested", "node-a:\n    - 10.20.0.11\nnode-b:\n    - 10.20.0.12\n"},
    {"yaml", "node-a:\n- 10.20.0.11\nnode-b:\n- 10.20.0.12\n"},
    {"json",
     "{\n    \"node-a\": [\n        \"10.20.0.11\"\n    ]\n}\n{\n    \"node-b\": [\n        \"10.20.0.12\"\n "
     "   ]\n}\n"},
    {"json in lines", "{\"node-a\": [\"10.20.0.11\"]}\n{\"node-b\": [\"10.20.0.12\"]}\n"},
    {"json --static", "{\"node-a\": [\"10.20.0.11\"], \"node-b\": [\"10.20.0.12\"]}\n"},
    {"txt", "node-a: ['10.20.0.11']\nnode-b: ['10.20.0.12']\n"},
    {"txt of python 2", "node-a: [u'10.20.0.11']\nnode-b: [u'10.20.0.12']\n"},
    {"raw", "{'node-a': ['10.20.0.11']}\n{'node-b': ['10.20.0.12']}\n"},
    {"raw of python 2", "{u'node-a': [u'10.20.0.11']}\n{u'node-b': [u'10.20.0.12']}\n"},
    {"pprint --static", "{'node-a': ['10.20.0.11'],\n 'node-b': ['10.20.0.12']}\n"},
    {"table",
     "node-a:\n----------\n    --------------\n    | 10.20.0.11 |\n    --------------\nnode-b:\n----------\n"
     "    --------------\n    | 10.20.0.12 |\n    --------------\n"},
    {"salt-api", "{\"return\": [{\"node-a\": [\"10.20.0.11\"], \"node-b\": [\"10.20.0.12\"]}]}\n"},
    {"salt-api as yaml", "return:\n- node-a:\n  - 10.20.0.11\n  node-b:\n  - 10.20.0.12\n"},
    {"full return",
     "{\"node-a\": {\"ret\": [\"10.20.0.11\"], \"retcode\": 0}}\n"
     "{\"node-b\": {\"ret\": [\"10.20.0.12\"], \"retcode\": 0, \"jid\": \"20240105093000123456\"}}\n"},
    {"jobs.lookup_jid of older Salt",
     "{\"data\": {\"node-a\": [\"10.20.0.11\"], \"node-b\": [\"10.20.0.12\"]}, \"outputter\": \"nested\"}\n"},
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(salt_forms, Places)

BOOST_AUTO_TEST_CASE(what_salt_prints_with_any_outputter_and_option_gives_the_four_nodes) {
  const auto outputs = salt_outputs("four");
  BOOST_CHECK_EQUAL(outputs.size(), 35u);
  for (const auto& [name, text] : outputs) {
    BOOST_TEST_CONTEXT(name) { BOOST_CHECK(nodes_of(text) == four); }
  }
}

BOOST_AUTO_TEST_CASE(with_a_dead_minion_any_outputter_gives_the_other_three) {
  auto three = four;
  three.erase("core3");
  const auto outputs = salt_outputs("three");
  BOOST_CHECK_EQUAL(outputs.size(), 11u);
  for (const auto& [name, text] : outputs) {
    BOOST_TEST_CONTEXT(name) {
      BOOST_CHECK(nodes_of(text) == three);
      const auto made = inventory_from_salt(parse_salt(text), {});
      const bool named = std::any_of(made.notes.begin(), made.notes.end(), [](const std::string& note) {
        return note.starts_with("minion core3 is left out: ");
      });
      BOOST_CHECK_EQUAL(named, name != "json-static");  // there, salt itself does not name the minion
    }
  }
}

BOOST_AUTO_TEST_CASE(every_form_is_read) {
  for (const auto& [name, text] : forms) {
    BOOST_TEST_CONTEXT(name) { BOOST_CHECK(nodes_of(text) == two); }
  }
}

BOOST_AUTO_TEST_CASE(line_ends_of_windows_and_a_byte_order_mark_change_nothing) {
  for (const auto& [name, text] : forms) {
    BOOST_TEST_CONTEXT(name) {
      BOOST_CHECK(nodes_of("\xef\xbb\xbf" + replace_all(text, "\n", "\r\n")) == two);
      BOOST_CHECK(nodes_of(text.substr(0, text.size() - 1)) == two);
      BOOST_CHECK(nodes_of("\n\n" + text + "\n") == two);
    }
  }
}

BOOST_AUTO_TEST_CASE(lines_of_salt_and_of_python_around_the_answers_are_passed_over) {
  const std::vector<std::string> around = {
      "jid: 20240105093000123456\n",
      "[WARNING ] Key 'file_ignore_glob' with value None has an invalid type\n",
      "2026-01-05 09:30:00,123 [salt.minion     :1234][INFO    ][77] hello\n",
      ("/usr/lib/python3/dist-packages/salt/utils/x.py:8: DeprecationWarning: 'cgi' is deprecated\n"
       "  import cgi\n"),
      "Executing run on ['node-a', 'node-b']\n",
      "Executing job with jid 20240105093000123456\n-------------------------------------------\n",
      ("Traceback (most recent call last):\n  File \"/usr/bin/salt\", line 11, in <module>\n    "
       "sys.exit(salt_main())\n"
       "KeyError: 'x'\n"),
      "bash: warning: setlocale: LC_ALL: cannot change locale (fr_FR.UTF-8)\n",
  };
  for (const auto& [name, text] : forms) {
    for (const auto& words : around) {
      BOOST_TEST_CONTEXT(name << " with " << words) {
        BOOST_CHECK(nodes_of(words + text) == two);
        BOOST_CHECK(nodes_of(text + words) == two);
        // Between two answers, if the second one begins on its own line.
        const auto second = std::min(text.find("\nnode-b"), text.find("\n{", 1));
        if (second != std::string::npos)
          BOOST_CHECK(nodes_of(text.substr(0, second + 1) + words + text.substr(second + 1)) == two);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(lines_passed_over_are_told_once) {
  const auto made =
      inventory_from_salt(parse_salt("jid: 20240105093000123456\n[WARNING ] x\n" + forms.at("json")), {});
  BOOST_CHECK(made.notes ==
              std::vector<std::string>{"ignored 2 lines of salt's output that are not answers"});
}

BOOST_AUTO_TEST_CASE(a_minion_that_did_not_respond_is_told) {
  for (const std::string words : {"Minion node-c did not respond. No job will be sent.\n",
                                  "Minion 'node-c' failed to respond to job sent\n"}) {
    const auto made = inventory_from_salt(parse_salt(words + forms.at("json --static")), {});
    BOOST_CHECK_EQUAL(made.inventory.nodes.size(), 2u);
    BOOST_CHECK(made.notes == std::vector<std::string>{"minion node-c is left out: it did not respond"});
  }
}

// A real batch of Salt 3008 printed this between the answers of four healthy minions with four ids.
BOOST_AUTO_TEST_CASE(a_minion_that_a_batch_counts_twice_is_a_note) {
  const std::string words = "minion node-a was already deleted from tracker, probably a duplicate key";
  for (const auto& [form, text] : forms) {
    BOOST_TEST_CONTEXT(form) {
      const auto made = inventory_from_salt(parse_salt(words + "\n" + text), {});
      BOOST_CHECK_EQUAL(made.inventory.nodes.size(), 2u);
      BOOST_CHECK(made.notes == std::vector<std::string>{"salt says: " + words});
    }
  }
}

BOOST_AUTO_TEST_CASE(of_all_interfaces_the_one_asked_for_is_taken) {
  const std::vector<std::string> texts = {
      ("node-a:\n    ----------\n    docker0:\n        - 172.17.0.1\n    eth0:\n        - 10.20.0.11\n"
       "    ens3:\n        - 10.9.0.1\n    lo:\n        - 127.0.0.1\n"),
      ("{\"node-a\": {\"docker0\": [\"172.17.0.1\"], \"eth0\": [\"10.20.0.11\"], \"ens3\": [\"10.9.0.1\"], "
       "\"down\": [], \"lo\": [\"127.0.0.1\"]}}\n"),
      ("node-a:\n  docker0:\n  - 172.17.0.1\n  eth0:\n  - 10.20.0.11\n  ens3:\n  - 10.9.0.1\n  lo:\n"
       "  - 127.0.0.1\n"),
      "node-a: {'docker0': ['172.17.0.1'], 'eth0': ['10.20.0.11'], 'ens3': ['10.9.0.1']}\n",
      ("{'node-a': OrderedDict([('docker0', ['172.17.0.1']), ('eth0', ['10.20.0.11']), ('ens3', "
       "['10.9.0.1'])])}\n"),
      ("{\"node-a\": {\"ip4_interfaces\": {\"docker0\": [\"172.17.0.1\"], \"eth0\": [\"10.20.0.11\"], "
       "\"ens3\": [\"10.9.0.1\"]}}}\n"),
  };
  for (const auto& text : texts) {
    BOOST_TEST_CONTEXT(text) {
      BOOST_CHECK(nodes_of(text) == (NodeSet{{"node-a", "10.20.0.11"}}));
      BOOST_CHECK(nodes_of(text, {.interface = "ens3"}) == (NodeSet{{"node-a", "10.9.0.1"}}));
      const auto error = salt_error(text, {.interface = "wlan0"});
      BOOST_CHECK(std::string(error.what()).find("it has no interface wlan0, but docker0, eth0, ens3") !=
                  std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_minion_with_nothing_but_lo_is_refused_in_every_form) {
  const std::map<std::string, std::string> only_lo = {
      {"nested", "node-a:\n    ----------\n    lo:\n        - 127.0.0.1\n"},
      {"json", "{\n    \"node-a\": {\n        \"lo\": [\n            \"127.0.0.1\"\n        ]\n    }\n}\n"},
      {"yaml", "node-a:\n  lo:\n  - 127.0.0.1\n"},
  };
  for (const auto& [form, text] : only_lo) {
    BOOST_TEST_CONTEXT(form) {
      const auto error = salt_error(text);
      BOOST_CHECK(std::string(error.what()).find("it has no interface eth0, but lo (--interface)") !=
                  std::string::npos);
      BOOST_CHECK(error.line().find("node-a") != std::string::npos);
      BOOST_CHECK(salt_error(text, {.interface = "lo"}).kind() == Kind::usage);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_address_that_every_machine_has_is_never_taken) {
  for (const std::string interface : {"lo", "docker0"})
    BOOST_CHECK(salt_error(forms.at("json"), {.interface = interface}).kind() == Kind::usage);
  BOOST_CHECK(std::string(salt_error("node-a:\n    - 127.0.0.1\n").what()).find("127.0.0.1, loopback") !=
              std::string::npos);
  const auto error = salt_error("{\"a\": [\"172.17.0.1\"]}\n{\"b\": [\"172.17.0.1\"]}\n");
  BOOST_CHECK_EQUAL(error.where(), "salt's output:2");
  BOOST_CHECK_EQUAL(error.what(), std::string("a and b have the same address, 172.17.0.1"));
}

BOOST_AUTO_TEST_CASE(of_ipv6_addresses_the_first_that_is_not_link_local_is_taken) {
  BOOST_CHECK(nodes_of("{\"a\": {\"eth0\": [\"fe80::5054:ff:fe12:1\", \"fd00::11\"], \"lo\": [\"::1\"]}}") ==
              (NodeSet{{"a", "fd00::11"}}));
  BOOST_CHECK(std::string(salt_error("a:\n    - fe80::5054:ff:fe12:1\n").what()).find("link-local") !=
              std::string::npos);
}

BOOST_AUTO_TEST_CASE(two_machines_with_one_id_are_refused_with_both_addresses) {
  const auto error = salt_error("a:\n    - 10.20.0.11\na:\n    - 10.20.0.12\n");
  BOOST_CHECK_EQUAL(error.where(), "salt's output:3");
  BOOST_CHECK_EQUAL(error.what(),
                    std::string("two machines answer as a: 10.20.0.11 (line 1) and 10.20.0.12"));
  BOOST_CHECK(nodes_of("a:\n    - 10.20.0.11\na:\n    - 10.20.0.11\n") == (NodeSet{{"a", "10.20.0.11"}}));
}

BOOST_AUTO_TEST_CASE(salts_own_sentences_are_quoted) {
  for (const std::string words :
       {"Salt request timed out. The master is not responding. You may need to run your command with "
        "`--async`",
        "Failed to authenticate! This is most likely because this user is not permitted to execute commands",
        "No minions matched the target. No command was sent, no jid was assigned.",
        "Authentication error occurred."}) {
    const auto error = salt_error(words + "\n");
    BOOST_CHECK_EQUAL(error.what(), "salt found no minion: " + words);
  }
}

BOOST_AUTO_TEST_CASE(what_has_no_names_of_minions_is_refused_by_its_name) {
  const auto refused = [](const std::string& text, const std::string& what, const std::string& hint) {
    BOOST_TEST_CONTEXT(text) {
      const auto error = salt_error(text);
      BOOST_CHECK(std::string(error.what()).find(what) != std::string::npos);
      BOOST_CHECK(error.hint().find(hint) != std::string::npos);
    }
  };
  refused("local:\n    - 10.20.0.11\n", "salt-call", "on the salt master");
  refused("{\"local\": [\"10.20.0.11\"]}\n", "salt-call", "on the salt master");
  refused("10.20.0.11\n10.20.0.12\n", "newline_values_only", "--out=json");
  refused("", "empty", "--out=quiet");
  refused("Accepted Keys:\nnode-a\nnode-b\n", "salt-key", "grains.get");
  refused(
      "[ERROR   ] Nested output failed: \nTraceback (most recent call last):\n  File \"x\", line 1\n    a\n"
      "KeyError: 'core3'\n",
      "in the form asked for", "--out=key");
}

BOOST_AUTO_TEST_CASE(what_is_not_understood_is_an_error_with_the_line_of_the_input) {
  const auto at = [](const std::string& text, std::size_t line) {
    BOOST_TEST_CONTEXT(text) {
      BOOST_CHECK_EQUAL(salt_error(text).where(), "salt's output:" + std::to_string(line));
    }
  };
  at("jid: 20240105093000123456\nhello world\n{\"node-a\": [\"10.20.0.11\"]}\n", 2);
  at("node-a:\n    - 10.20.0.11\nsomething else\nnode-b:\n    - 10.20.0.12\n", 3);
  at("/usr/lib/python3/x.py:8:\nnode-a:\n    - 10.20.0.11\n", 1);
  at("[WARNING ] x\n{\"node-a\": [\n  \"10.20.0.11\"\n  oops\n]}\n", 4);
  at("{\"node-a\": [\"10.20.0.11\"", 1);
  at("node-a:\n- 10.20.0.11\nnode-b:\nnode-c:\n- 10.20.0.12\n", 3);
  at("node-a:\n  - 10.20.0.11\n  - [\nnode-b:\n- 10.20.0.12\n", 4);
  at("{'node-a': ['10.20.0.11']} trailing\n", 1);
  at("node-a: ['10.20.0.11']\nnode-b: ['10.20.0.12'\n", 2);
  at("node-a:\n    - 10.20.0.11\nnode-b:\n    - ten\n", 4);
  at("node-a:\nnode-b:\n    - 10.20.0.12\n", 1);
  at("node-a:\n    ----------\n    eth0:\n    lo:\n        - 127.0.0.1\n", 3);
}

BOOST_AUTO_TEST_CASE(a_long_id_is_refused_with_the_option_that_shortens_it) {
  const std::string id = "core1." + std::string(80, 'x');
  const auto text = "{\"" + id + "\": [\"10.20.0.11\"]}\n";
  const auto error = salt_error(text);
  BOOST_CHECK(error.hint().find("--short-names") != std::string::npos);
  const auto made = inventory_from_salt(parse_salt(text), {.short_names = true});
  BOOST_CHECK_EQUAL(made.inventory.nodes.front().name, "core1");
  BOOST_CHECK(
      salt_error("{\"" + std::string(80, 'x') + "\": [\"10.20.0.11\"]}\n").hint().find("at most 63") !=
      std::string::npos);
}

BOOST_AUTO_TEST_CASE(minions_whose_names_fall_together_are_refused) {
  BOOST_CHECK_EQUAL(salt_error("core-1:\n    - 10.20.0.11\ncore.1:\n    - 10.20.0.12\n").where(),
                    "salt's output:3");
}

BOOST_AUTO_TEST_CASE(consul_is_reached_through_the_nodes_asked_for) {
  const auto output = parse_salt(forms.at("json"));
  BOOST_CHECK(inventory_from_salt(output, {.via = {"node-b"}}).inventory.consul().via ==
              std::vector<std::string>{"node-b"});
  BOOST_CHECK_THROW(inventory_from_salt(output, {.via = {"node-c"}}), Error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::inventory
