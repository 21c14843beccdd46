#include "inventory/inventory.hpp"
#include "support.hpp"

namespace labctl::inventory {
namespace {

struct Case {
  const char* what;  // printed in the test's output
  const char* yaml;
  const char* where;  // LINE:COLUMN
  const char* words;  // part of the message
  const char* hint;   // part of the hint; "" for any
};

const Case cases[] = {
    {"nothing at all", "", "1:1", "the inventory is empty", "version and nodes"},
    {"only a comment", "# nothing\n", "1:1", "the inventory is empty", ""},
    {"a list", "- a\n", "1:1", "the inventory is a list, expected a mapping", ""},
    {"a word", "core1\n", "1:1", "the inventory is \"core1\", expected a mapping", ""},
    {"bad indentation", "version: 1\nnodes:\n  core1: {address: a}\n core2: {address: b}\n", "4:2",
     "this is not YAML", ""},
    {"an open brace", "version: 1\nnodes: {core1: {address: a}\n", "3:1", "this is not YAML", ""},
    {"a tab", "version: 1\nnodes:\n\tcore1: {}\n", "3:7", "this is not YAML",
     "a tab indents this line: YAML takes only spaces there"},
    {"two documents", "version: 1\n---\nversion: 1\n", "3:1", "more than one YAML document", ""},
    {"no version", "nodes: {core1: {address: a}}\n", "1:1", "has no version", "version: 1"},
    {"another version", "version: 2\nnodes: {core1: {address: a}}\n", "1:10", "version is \"2\", expected 1",
     ""},
    {"no nodes", "version: 1\n", "1:1", "has no nodes", "address"},
    {"nodes without a value", "version: 1\nnodes:\n", "1:1", "has no nodes", ""},
    {"empty nodes", "version: 1\nnodes: {}\n", "2:8", "\"nodes\" is empty", ""},
    {"nodes as a list", "version: 1\nnodes: [core1]\n", "2:8", "\"nodes\" is a list, expected a mapping", ""},
    {"an unknown key", "version: 1\nnode: {}\n", "2:1", "unknown key \"node\" in the inventory",
     "did you mean \"nodes\"?"},
    {"an unknown key far from any", "version: 1\nzzzzzzzz: 1\n", "2:1",
     "expected one of version, name, defaults", ""},
    {"an unknown key of a node", "version: 1\nnodes:\n  core1:\n    adress: a\n", "4:5",
     "unknown key \"adress\" in \"nodes.core1\"", "did you mean \"address\"?"},
    {"an unknown key of the defaults", "version: 1\nnodes: {core1: {address: a}}\ndefaults: {usr: core}\n",
     "3:12", "unknown key \"usr\" in \"defaults\"", "did you mean \"user\"?"},
    {"a key twice", "version: 1\nname: a\nname: b\n", "3:1", "\"name\" appears twice, first in line 2",
     "keep one"},
    {"a node twice", "version: 1\nnodes:\n  core1: {address: a}\n  core1: {address: b}\n", "4:3",
     "\"nodes.core1\" appears twice, first in line 3", ""},
    {"a mapping as a key", "version: 1\nnodes:\n  {a: b}: {address: a}\n", "3:3",
     "a key of \"nodes\" is a mapping", ""},
    {"no address", "version: 1\nnodes: {core1: {user: a}}\n", "2:16", "\"nodes.core1\" has no address", ""},
    {"a node without a value", "version: 1\nnodes:\n  core1:\n", "3:3",
     "\"nodes.core1\" is nothing, expected a mapping", ""},
    {"a node as a text", "version: 1\nnodes: {core1: 192.0.2.1}\n", "2:16",
     "\"nodes.core1\" is \"192.0.2.1\", expected a mapping", ""},
    {"an address with a blank", "version: 1\nnodes: {core1: {address: 'a b'}}\n", "2:26",
     "expected a host name or an address", ""},
    {"an address with a port", "version: 1\nnodes: {core1: {address: '192.0.2.1:2222'}}\n", "2:26",
     "expected a host name or an address", "the port has a key of its own: port: 2222"},
    {"a name with a port", "version: 1\nnodes: {core1: {address: 'core1.lab:22'}}\n", "2:26",
     "expected a host name or an address", "the port has a key of its own: port: 22"},
    {"an IPv6 address that is none", "version: 1\nnodes: {core1: {address: 'fd00::1::2'}}\n", "2:26",
     "expected a host name or an address", ""},
    {"a number above 255", "version: 1\nnodes: {core1: {address: 192.0.2.256}}\n", "2:26",
     "expected a host name or an address", ""},
    {"an address as a list", "version: 1\nnodes: {core1: {address: [a]}}\n", "2:26",
     "\"nodes.core1.address\" is a list, expected a text", ""},
    {"a node's name with a slash", "version: 1\nnodes: {../core1: {address: a}}\n", "2:19",
     "\"../core1\" is no name for a node", ""},
    {"two nodes with one address", "version: 1\nnodes: {core1: {address: a}, core2: {address: a}}\n", "2:37",
     "\"nodes.core2\" has the same address as \"nodes.core1\"", "counted as two"},
    {"nodes whose names fall together as variables",
     "version: 1\nnodes:\n  core-1: {address: a}\n  core.1: {address: b}\n", "4:11",
     "\"nodes.core.1\" and \"nodes.core-1\" would be one environment variable, DOCKER_HOST_CORE_1",
     "another name"},
    {"nodes whose names differ in case only",
     "version: 1\nnodes: {core_1: {address: a}, CORE_1: {address: b}}\n", "2:39",
     "\"nodes.CORE_1\" and \"nodes.core_1\"", ""},
    {"a merge of a text", "version: 1\nnodes:\n  core1: {<<: core, address: a}\n", "3:11",
     "\"nodes.core1.<<\" is \"core\", expected a mapping or a list of mappings to merge", ""},
    {"a merge of a list with a text",
     "version: 1\nx-a: &a {user: core}\nnodes:\n  core1: {<<: [*a, b], address: a}\n", "4:11",
     "expected a mapping or a list of mappings to merge", ""},
    {"a mapping that merges itself", "version: 1\nnodes:\n  core1: &a {<<: *a, address: a}\n", "3:14",
     "merges itself", ""},
    {"an unknown key that is merged in",
     "version: 1\nx-a: &a {usr: core}\nnodes:\n  core1: {<<: *a, address: a}\n", "2:10",
     "unknown key \"usr\" in \"nodes.core1\"", "did you mean \"user\"?"},
    {"a value of another kind that is merged in",
     "version: 1\nx-a: &a {port: ssh}\nnodes:\n  core1: {<<: *a, address: a}\n", "2:16",
     "\"nodes.core1.port\" is \"ssh\", expected a port", ""},
    {"a key of one's own that is not at the top", "version: 1\nnodes: {core1: {address: a, x-b: 1}}\n",
     "2:29", "unknown key \"x-b\" in \"nodes.core1\"", ""},
    {"port 0", "version: 1\nnodes: {core1: {address: a, port: 0}}\n", "2:35",
     "\"nodes.core1.port\" is \"0\", expected a port between 1 and 65535", ""},
    {"port 65536", "version: 1\nnodes: {core1: {address: a, port: 65536}}\n", "2:35",
     "expected a port between 1 and 65535", ""},
    {"a port in words", "version: 1\nnodes: {core1: {address: a, port: ssh}}\n", "2:35",
     "is \"ssh\", expected a port", ""},
    {"a huge port", "version: 1\nnodes: {core1: {address: a, port: 99999999999999999999}}\n", "2:35",
     "expected a port", ""},
    {"agent as a text", "version: 1\nnodes: {core1: {address: a, agent: yes}}\n", "2:36",
     "\"nodes.core1.agent\" is \"yes\", expected true or false", ""},
    {"an empty user", "version: 1\nnodes: {core1: {address: a, user: ''}}\n", "2:35",
     "\"nodes.core1.user\" is \"\", expected a text", ""},
    {"an inventory's name with a slash", "version: 1\nname: a/b\nnodes: {core1: {address: a}}\n", "2:7",
     "\"a/b\" is no name for an inventory", ""},
    {"an unknown node in via", "version: 1\nnodes: {core1: {address: a}}\nconsul: {via: [core1, core9]}\n",
     "3:23", "\"consul.via[1]\" names \"core9\", which is no node; expected one of core1",
     "did you mean \"core1\"?"},
    {"a node twice in via", "version: 1\nnodes: {core1: {address: a}}\nconsul: {via: [core1, core1]}\n",
     "3:23", "names \"core1\" a second time", ""},
    {"an empty via", "version: 1\nnodes: {core1: {address: a}}\nconsul: {via: []}\n", "3:15",
     "\"consul.via\" is an empty list", ""},
    {"consul as a text", "version: 1\nnodes: {core1: {address: a}}\nconsul: core1\n", "3:9",
     "\"consul\" is \"core1\", expected a mapping with via, remote, local", ""},
    {"a local end for everybody",
     "version: 1\nnodes: {core1: {address: a}}\nconsul: {local: \"0.0.0.0:8500\"}\n", "3:17",
     "\"consul.local\" is \"0.0.0.0:8500\", which other machines could reach", "127.0.0.1:8500"},
    {"a local end by name", "version: 1\nnodes: {core1: {address: a}}\nconsul: {local: \"box:8500\"}\n",
     "3:17", "which other machines could reach", ""},
    {"a local end for all of IPv6",
     "version: 1\nnodes: {core1: {address: a}}\nconsul: {local: \"[::]:8500\"}\n", "3:17",
     "which other machines could reach", ""},
    {"an end without a port", "version: 1\nnodes: {core1: {address: a}}\nconsul: {remote: localhost}\n",
     "3:18", "\"consul.remote\": \"localhost\" has no port and is no absolute path", "HOST:PORT"},
    {"an end with a bad port",
     "version: 1\nnodes: {core1: {address: a}}\nconsul: {remote: \"localhost:85000\"}\n", "3:18",
     "\"85000\", which is not between 1 and 65535", ""},
    {"one docker socket for two nodes",
     "version: 1\nnodes: {core1: {address: a}, core2: {address: b}}\ndocker: {local: /tmp/d.sock}\n", "3:17",
     "\"docker.local\" is the same for every node", "{node}"},
    {"an unknown placeholder",
     "version: 1\nnodes: {core1: {address: a}}\ndocker: {local: \"{run}/{node}.sock\"}\n", "3:17",
     "\"docker.local\" has \"{run}\", which is not a known placeholder here", "{runtime} or {node}"},
    {"a placeholder that does not end",
     "version: 1\nnodes: {core1: {address: a}}\ndocker: {local: \"/tmp/{node\"}\n", "3:17",
     "has a \"{\" without \"}\"", ""},
    {"{node} for consul", "version: 1\nnodes: {core1: {address: a}}\nconsul: {local: \"/tmp/{node}\"}\n",
     "3:17", "not a known placeholder here", ""},
    {"a relative socket", "version: 1\nnodes: {core1: {address: a}}\ndocker: {local: \"{node}.sock\"}\n",
     "3:17", "\"core1.sock\" has no port and is no absolute path", ""},
    {"a socket path that is too long",
     "version: 1\nnodes: {core1: {address: a}}\ndocker: {local: "
     "\"/"
     "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789/"
     "docker_{node}.sock\"}\n",
     "3:17", "is a socket path of 119 bytes", "shorter"},
    {"two forwards on one port",
     "version: 1\nnodes: {core1: {address: a}}\nforwards:\n  - {name: web, remote: \"localhost:80\", local: "
     "\"localhost:8500\"}\n",
     "4:48", "the forwards \"consul\" and \"web\" have the same local end localhost:8500", ""},
    {"a forward without a remote",
     "version: 1\nnodes: {core1: {address: a}}\nforwards:\n  - {name: web, local: \"localhost:80\"}\n", "4:5",
     "\"forwards[0]\" has no remote", "{name, via, remote, local}"},
    {"a forward named as another",
     "version: 1\nnodes: {core1: {address: a}}\nforwards:\n  - {name: consul, remote: \"localhost:80\", "
     "local: \"localhost:81\"}\n",
     "4:12", "there is a forward \"consul\" already", ""},
    {"a dynamic forward with a remote end",
     "version: 1\nnodes: {core1: {address: a}}\nforwards:\n  - {name: socks, local: \"localhost:81\", "
     "dynamic: "
     "true, remote: \"localhost:80\"}\n",
     "4:65", "\"forwards[0]\" is a dynamic forward, which has no remote",
     "{name, via, local, dynamic: true}"},
    {"a dynamic forward that listens on the node",
     "version: 1\nnodes: {core1: {address: a}}\nforwards:\n  - {name: socks, dynamic: true, listen: "
     "\"localhost:80\", to: /s}\n",
     "4:42", "\"forwards[0]\" is a dynamic forward, which has no listen", ""},
    {"a dynamic forward without a local end",
     "version: 1\nnodes: {core1: {address: a}}\nforwards:\n  - {name: socks, dynamic: true}\n", "4:5",
     "\"forwards[0]\" has no local", "{name, via, local, dynamic: true}"},
    {"a dynamic forward for everybody",
     "version: 1\nnodes: {core1: {address: a}}\nforwards:\n  - {name: socks, dynamic: true, local: "
     "\"0.0.0.0:1080\"}\n",
     "4:41", "\"forwards[0].local\" is \"0.0.0.0:1080\", which other machines could reach", "127.0.0.1:1080"},
    {"dynamic as a text",
     "version: 1\nnodes: {core1: {address: a}}\nforwards:\n  - {name: s, local: \"localhost:81\", dynamic: "
     "socks}\n",
     "4:47", "\"forwards[0].dynamic\" is \"socks\", expected true or false", ""},
    {"a remote forward with a local end",
     "version: 1\nnodes: {core1: {address: a}}\nforwards:\n  - {name: back, via: core1, local: "
     "\"localhost:81\", "
     "listen: \"localhost:80\", to: /s}\n",
     "4:37", "\"forwards[0]\" is a remote forward, which has no local", "{name, via, listen, to}"},
    {"a remote forward without a target",
     "version: 1\nnodes: {core1: {address: a}}\nforwards:\n  - {name: back, via: core1, listen: "
     "\"localhost:80\"}\n",
     "4:5", "\"forwards[0]\" has no to", "{name, via, listen, to}"},
    {"a remote forward that does not name its node",
     "version: 1\nnodes: {core1: {address: a}}\nforwards:\n  - {name: back, listen: \"localhost:80\", to: "
     "/s}\n",
     "4:5", "\"forwards[0]\" has no via", ""},
    {"a remote forward at a unix socket",
     "version: 1\nnodes: {core1: {address: a}}\nforwards:\n  - {name: back, via: core1, listen: /run/s, to: "
     "/s}\n",
     "4:38", "\"forwards[0].listen\" is a unix socket, \"/run/s\"", "libssh2"},
    {"a remote forward that other machines could reach",
     "version: 1\nnodes: {core1: {address: a}}\nforwards:\n  - {name: back, via: core1, listen: "
     "\"0.0.0.0:80\", to: "
     "/s}\n",
     "4:38", "\"forwards[0].listen\" is \"0.0.0.0:80\", which other machines could reach", "public: true"},
    {"a public remote forward at a loopback address",
     "version: 1\nnodes: {core1: {address: a}}\nforwards:\n  - {name: back, via: core1, listen: "
     "\"127.0.0.1:80\", "
     "to: /s, public: true}\n",
     "4:70", "\"forwards[0].public\" is true, but \"forwards[0].listen\" is \"127.0.0.1:80\"", ""},
    {"a remote forward to another machine",
     "version: 1\nnodes: {core1: {address: a}}\nforwards:\n  - {name: back, via: core1, listen: "
     "\"localhost:80\", "
     "to: \"192.0.2.1:80\"}\n",
     "4:58", "\"forwards[0].to\" is \"192.0.2.1:80\", which other machines could reach", ""},
    {"two remote forwards at one port of a node",
     "version: 1\nnodes: {core1: {address: a}}\nforwards:\n  - {name: one, via: core1, listen: "
     "\"localhost:80\", "
     "to: /s}\n  - {name: two, via: core1, listen: \"127.0.0.1:80\", to: /s}\n",
     "5:37", "the forwards \"one\" and \"two\" both listen at 127.0.0.1:80 on core1", "give each its own"},
    {"a local forward that is public",
     "version: 1\nnodes: {core1: {address: a}}\nforwards:\n  - {name: web, local: \"localhost:81\", remote: "
     "\"localhost:80\", public: true}\n",
     "4:72", "\"forwards[0]\" is a forward, which has no public", "{name, via, remote, local}"},
    {"forwards as a mapping", "version: 1\nnodes: {core1: {address: a}}\nforwards: {web: 1}\n", "3:11",
     "\"forwards\" is a mapping, expected a list", ""},
    {"a host on an unknown node", "version: 1\nnodes: {core1: {address: a}}\nhosts: {service.lab: cor1}\n",
     "3:22", "\"hosts.service.lab\" names \"cor1\", which is no node", "did you mean \"core1\"?"},
    {"a host's name of two lines",
     "version: 1\nnodes: {core1: {address: a}}\nhosts: {\"a\\n10.0.0.1 b\": core1}\n", "3:26",
     "\"a\\n10.0.0.1 b\" is no name for a host", ""},
    {"a user of two lines", "version: 1\nnodes: {core1: {address: a, user: \"a\\nProxyCommand x\"}}\n",
     "2:35", "expected a text of one line", ""},
    {"an unknown key of the cluster",
     "version: 1\nnodes: {core1: {address: a}}\ncluster: {volumedriver: a}\n", "3:11",
     "unknown key \"volumedriver\" in \"cluster\"", "did you mean \"volume_driver\"?"},
    {"a relative deploy_root", "version: 1\nnodes: {core1: {address: a}}\ncluster: {deploy_root: deploy}\n",
     "3:24", "expected an absolute path", ""},
    {"a bad port of the service",
     "version: 1\nnodes: {core1: {address: a}}\ncluster: {service: {ssh_port: -1}}\n", "3:31",
     "\"cluster.service.ssh_port\" is \"-1\"", ""},
    {"ssh ports that begin with another port",
     "version: 1\nnodes: {core1: {address: a}}\ncluster: {service: {ssh_port: 22, ssh_ports: [23, 22]}}\n",
     "3:46", "\"cluster.service.ssh_ports\" begins with 23, expected ssh_port, 22", "may be left out"},
    {"an ssh port twice",
     "version: 1\nnodes: {core1: {address: a}}\ncluster: {service: {ssh_ports: [22, 22]}}\n", "3:37",
     "\"cluster.service.ssh_ports[1]\" names port 22 a second time", ""},
    {"no ssh port", "version: 1\nnodes: {core1: {address: a}}\ncluster: {service: {ssh_ports: []}}\n", "3:32",
     "\"cluster.service.ssh_ports\" is an empty list, expected at least one port", ""},
    {"ssh ports that are none",
     "version: 1\nnodes: {core1: {address: a}}\ncluster: {service: {ssh_ports: [ssh]}}\n", "3:33",
     "\"cluster.service.ssh_ports[0]\" is \"ssh\"", ""},
    {"one ssh port as a number",
     "version: 1\nnodes: {core1: {address: a}}\ncluster: {service: {ssh_ports: 22}}\n", "3:32",
     "\"cluster.service.ssh_ports\" is \"22\", expected a list", ""},
    {"control characters", "version: 1\n\"no\\x1b[31m\\nde\": 1\n", "2:1", "unknown key \"no\\x1b[31m\\nde\"",
     ""},
    {"a text of many characters",
     "version: 1\nname: "
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nnodes: "
     "{core1: {address: a}}\n",
     "2:7", "…\" is no name for an inventory", "at most 63"},
    {"an alias of itself", "version: 1\nnodes: &a {core1: *a}\n", "2:12",
     "unknown key \"core1\" in \"nodes.core1\"", ""},
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(bad_inventories, Places)

BOOST_AUTO_TEST_CASE(each_problem_names_its_place_what_was_expected_and_the_nearest_key) {
  for (const auto& bad : cases) {
    BOOST_TEST_CONTEXT(bad.what) {
      const auto error = error_of(bad.yaml);
      BOOST_CHECK(error.kind() == Kind::invalid);
      BOOST_CHECK_EQUAL(error.where(), std::string("inv.yaml:") + bad.where);
      BOOST_CHECK_MESSAGE(std::string(error.what()).find(bad.words) != std::string::npos, error.line());
      BOOST_CHECK_MESSAGE(error.hint().find(bad.hint) != std::string::npos, error.line());
      BOOST_CHECK_MESSAGE(error.line().find('\n') == std::string::npos, error.line());
    }
  }
}

BOOST_AUTO_TEST_CASE(very_deep_nesting_is_an_error_and_not_a_crash) {
  const auto error = error_of("version: 1\nnodes: " + std::string(100'000, '['));
  BOOST_CHECK(error.kind() == Kind::invalid);
}

BOOST_AUTO_TEST_CASE(a_missing_file_and_a_folder_are_named) {
  BOOST_CHECK_EXCEPTION(load("/nonexistent/inv.yaml"), Error, [](const Error& error) {
    return error.kind() == Kind::not_found && error.where() == "/nonexistent/inv.yaml";
  });
  BOOST_CHECK_EXCEPTION(load("/"), Error, [](const Error& error) {
    return error.kind() == Kind::invalid && error.where() == "/";
  });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::inventory
