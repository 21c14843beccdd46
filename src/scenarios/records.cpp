#include "scenarios/records.hpp"

#include "base/text.hpp"
#include "runner/check.hpp"
#include "scenarios/steps.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <random>

namespace labctl::scenarios {
namespace {

using namespace std::chrono_literals;
using runner::check;

constexpr auto request_budget = 10s;
constexpr int created = 201;
constexpr int ok = 200;

std::string fresh_word() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}{:08x}", device(), device(), device());
}

std::string place(const Placed& s, const std::string& target, const std::string& node) {
  return fmt::format("http://{}{} through {}", s.service.domain, target, node);
}

http::Response get(cluster::Cluster& c, const Placed& s, const std::string& target, const std::string& node) {
  return cluster::service_get(c, node, s.service.domain, target, c.within(request_budget));
}

}  // namespace

SeededRecord create_record(cluster::Cluster& c, const Placed& s, const std::string& through) {
  SeededRecord record{0, "name-" + fresh_word(), "content-" + fresh_word()};
  const auto target = fmt::format("/example?name={}&content={}", record.name, record.content);
  const auto reply =
      cluster::service_send(c, through, s.service.domain, {"POST", target, {}, {}}, c.within(request_budget));
  const auto where = place(s, "/example", through);
  check(reply.status == created, "201 for a new record", cluster::brief(reply), where);
  const auto json = nlohmann::json::parse(reply.body, nullptr, false);
  check(json.is_object() && json.value("name", "") == record.name &&
            json.value("content", "") == record.content && json.contains("id") &&
            json["id"].is_number_integer(),
        "the record as JSON", cluster::brief(reply), where);
  record.id = json["id"].get<int>();
  const auto location = reply.headers.find("location");
  const auto end = fmt::format("example/{}", record.id);
  check(location != reply.headers.end() && location->second.ends_with(end), "a Location that ends in " + end,
        location == reply.headers.end() ? "none" : location->second, where);
  return record;
}

std::vector<std::string> record_names(cluster::Cluster& c, const Placed& s, const std::string& through) {
  const auto reply = get(c, s, "/example", through);
  check(cluster::is_record_list(reply), "200 with a list of records", cluster::brief(reply),
        place(s, "/example", through));
  std::vector<std::string> names;
  for (const auto& record : nlohmann::json::parse(reply.body)) names.push_back(record.value("name", ""));
  return names;
}

std::string record_name(cluster::Cluster& c, const Placed& s, int id, const std::string& through) {
  const auto target = fmt::format("/example/{}", id);
  const auto reply = get(c, s, target, through);
  check(reply.status == ok, "200", cluster::brief(reply), place(s, target, through));
  return reply.body;
}

std::optional<std::string> container_file(cluster::Cluster& c, const Placed& s, const std::string& node,
                                          const std::string& service, const std::string& path) {
  const auto name = s.container(service);
  const auto deadline = c.within(request_budget);
  // No such container and no such file are both 404 to the engine.
  check(c.docker(node).container(name, deadline).has_value(), name + " on " + node, "no such container",
        node);
  return c.docker(node).read_file(name, path, deadline);
}

void check_file(cluster::Cluster& c, const Placed& s, const std::string& node, const std::string& service,
                const std::string& path, const std::string& content) {
  const auto seen = container_file(c, s, node, service, path);
  runner::check_equal(seen, std::optional<std::string>(content),
                      fmt::format("{} in {} on {}", path, s.container(service), node));
}

void check_no_file(cluster::Cluster& c, const Placed& s, const std::string& node, const std::string& service,
                   const std::string& path) {
  const auto seen = container_file(c, s, node, service, path);
  check(!seen.has_value(), "no such file", "a file: " + seen.value_or(""),
        fmt::format("{} in {} on {}", path, s.container(service), node));
}

}  // namespace labctl::scenarios
