#include "cli/docker_contexts.hpp"

#include "base/error.hpp"

#include <boost/test/unit_test.hpp>

namespace labctl::cli {
namespace {

std::vector<std::string> names_of(const std::vector<DockerContext>& contexts) {
  std::vector<std::string> names;
  for (const auto& one : contexts) names.push_back(one.name);
  return names;
}
using Names = std::vector<std::string>;

const DockerContext core1{"lab-core1", "labctl: core1 of lab", "unix:///1"};
const DockerContext core2{"lab-core2", "labctl: core2 of lab", "unix:///2"};

}  // namespace

BOOST_AUTO_TEST_SUITE(docker_contexts)

BOOST_AUTO_TEST_CASE(every_node_gets_one_that_names_it_and_its_inventory) {
  const auto contexts = contexts_of(
      inventory::parse("version: 1\nname: lab\nnodes: {core1: {address: a}, core2: {address: b}}\n"
                       "docker: {local: \"/x/{node}.sock\"}\n",
                       "/i.yaml"));
  BOOST_REQUIRE(contexts.size() == 2);
  BOOST_TEST((contexts[0] == DockerContext{"lab-core1", "labctl: core1 of lab", "unix:///x/core1.sock"}));
}

BOOST_AUTO_TEST_CASE(what_docker_prints_is_read) {
  const auto contexts = parse_contexts(
      R"({"Current":true,"Description":"labctl: core1 of lab","DockerEndpoint":"unix:///1","Name":"lab-core1"})"
      "\n\n"
      R"({"Current":false,"Description":"","DockerEndpoint":"","Error":"","Name":"mine"})"
      "\n");
  BOOST_REQUIRE(contexts.size() == 2);
  BOOST_TEST(contexts[0].current);
  BOOST_TEST(contexts[0].endpoint == "unix:///1");
  BOOST_TEST(contexts[1].name == "mine");
  BOOST_CHECK_THROW(parse_contexts("NAME DESCRIPTION"), Error);
}

BOOST_AUTO_TEST_CASE(only_what_differs_is_changed) {
  auto moved = core2;
  moved.endpoint = "unix:///old";
  const auto changes = changes_to({core1, core2}, {core1, moved}, "lab");
  BOOST_TEST(changes.create.empty());
  BOOST_TEST((names_of(changes.update) == Names{"lab-core2"}));
  BOOST_TEST((names_of(changes_to({core1, core2}, {core2}, "lab").create) == Names{"lab-core1"}));
}

BOOST_AUTO_TEST_CASE(a_context_of_a_person_is_never_ours) {
  auto other = core1;
  other.description = "my own";
  auto copy = core1;  // docker context create mine --from lab-core1
  copy.name = "mine";
  const auto changes = changes_to({core1}, {other, copy}, "lab");
  BOOST_TEST((changes.foreign == Names{"lab-core1"}));
  BOOST_TEST(changes.create.empty());
  BOOST_TEST(changes.update.empty());
  BOOST_TEST(changes.remove.empty());
  BOOST_TEST(changes_to({}, {other, copy}, "lab").remove.empty());
}

BOOST_AUTO_TEST_CASE(the_context_of_a_node_that_has_gone_goes_too_and_those_of_other_inventories_stay) {
  const DockerContext other{"lab-2-core1", "labctl: core1 of lab-2", "unix:///3"};
  const auto changes = changes_to({core1}, {core1, core2, other}, "lab");
  BOOST_TEST((names_of(changes.remove) == Names{"lab-core2"}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::cli
