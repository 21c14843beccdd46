#include "inventory/default_forwards.hpp"
#include "inventory/keys.hpp"
#include "inventory/write.hpp"
#include "support.hpp"

#include <nlohmann/json.hpp>

#include <set>

namespace labctl::inventory {
namespace {

using Keys = std::set<std::string>;

Keys of(const nlohmann::json& object) {
  Keys keys;
  for (const auto& [key, value] : object.at("properties").items()) keys.insert(key);
  return keys;
}
Keys of(const std::vector<std::string>& keys) { return {keys.begin(), keys.end()}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(json_schema)

BOOST_AUTO_TEST_CASE(the_schema_lists_the_keys_the_parser_takes) {
  const auto schema_json = nlohmann::json::parse(schema());
  const auto& parts = schema_json["properties"];
  BOOST_CHECK(of(schema_json) == of(keys::top));
  BOOST_CHECK(of(parts["defaults"]) == of(keys::defaults));
  BOOST_CHECK(of(parts["nodes"]["additionalProperties"]) == of(keys::node));
  BOOST_CHECK(of(parts["consul"]) == of(keys::consul));
  BOOST_CHECK(of(parts["docker"]) == of(keys::docker));
  BOOST_CHECK(of(parts["forwards"]["items"]) == of(keys::forward));
  BOOST_CHECK(of(parts["cluster"]) == of(keys::cluster));
  BOOST_CHECK(of(parts["cluster"]["properties"]["service"]) == of(keys::service));
}

BOOST_AUTO_TEST_CASE(the_schemas_defaults_are_the_parsers) {
  const auto schema_json = nlohmann::json::parse(schema());
  const Conventions conventions;
  const auto& parts = schema_json["properties"];
  BOOST_CHECK_EQUAL(parts["consul"]["properties"]["local"]["default"], default_consul_local);
  BOOST_CHECK_EQUAL(parts["consul"]["properties"]["remote"]["default"], default_consul_remote);
  BOOST_CHECK_EQUAL(parts["docker"]["properties"]["local"]["default"], default_docker_local);
  BOOST_CHECK_EQUAL(parts["docker"]["properties"]["remote"]["default"], default_docker_remote);
  const auto& cluster = parts["cluster"]["properties"];
  BOOST_CHECK_EQUAL(cluster["consul_container"]["default"], conventions.consul_container);
  BOOST_CHECK_EQUAL(cluster["haproxy_container"]["default"], conventions.haproxy_container);
  BOOST_CHECK_EQUAL(cluster["caddy_container"]["default"], conventions.caddy_container);
  BOOST_CHECK_EQUAL(cluster["volume_driver"]["default"], conventions.volume_driver);
  BOOST_CHECK_EQUAL(cluster["replication_port"]["default"], conventions.replication_port);
  BOOST_CHECK_EQUAL(cluster["deploy_root"]["default"], conventions.deploy_root);
  BOOST_CHECK_EQUAL(cluster["service"]["properties"]["repo"]["default"], conventions.service.repo);
  BOOST_CHECK_EQUAL(cluster["service"]["properties"]["ssh_port"]["default"], conventions.service.ssh_port);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::inventory
