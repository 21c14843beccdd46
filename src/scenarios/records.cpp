#include "scenarios/records.hpp"

#include "base/error.hpp"
#include "runner/check.hpp"
#include "scenarios/steps.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <random>

namespace labctl::scenarios {
namespace {

using namespace std::chrono_literals;
using runner::check;

constexpr auto request_budget = 10s;
constexpr int created = 201;

std::string fresh_word() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}{:08x}", device(), device(), device());
}

std::string place(const Placed& s, const std::string& target, const std::string& node) {
  return fmt::format("http://{}{} through {}", s.service.domain, target, node);
}

}  // namespace

SeededRecord create_record(cluster::Cluster& c, const Placed& s, const std::string& through) {
  SeededRecord record{0, "name-" + fresh_word(), "content-" + fresh_word()};
  const auto target = fmt::format("/example?name={}&content={}", record.name, record.content);
  const auto reply =
      service_send(c, through, s.service.domain, {"POST", target, {}, {}}, c.within(request_budget));
  const auto where = place(s, "/example", through);
  check(reply.status == created, "201 for a new record", brief(reply), where);
  const auto json = nlohmann::json::parse(reply.body, nullptr, false);
  check(json.is_object() && json.value("name", "") == record.name &&
            json.value("content", "") == record.content && json.contains("id") &&
            json["id"].is_number_integer(),
        "the record as JSON", brief(reply), where);
  record.id = json["id"].get<int>();
  const auto location = reply.headers.find("location");
  const auto end = fmt::format("example/{}", record.id);
  check(location != reply.headers.end() && location->second.ends_with(end), "a Location that ends in " + end,
        location == reply.headers.end() ? "none" : location->second, where);
  return record;
}

std::string data_path(const SeededRecord& record) { return "/var/test_service/" + record.name; }
std::string cache_path(const SeededRecord& record) { return "/var/cache/" + record.name; }

std::set<std::string> record_names(const Placed& s) {
  check(s.seen->no_records.empty(), "200 with a list of records", s.seen->no_records,
        place(s, "/example", s.master));
  std::set<std::string> names;
  for (const auto& [id, name] : s.seen->records) names.insert(name);
  return names;
}

std::optional<std::string> record_name(const Placed& s, int id) {
  static_cast<void>(record_names(s));
  const auto found = s.seen->records.find(id);
  return found == s.seen->records.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> container_file(const Placed& s, const std::string& service,
                                          const std::string& path) {
  const auto name = s.container(service);
  const auto& there = s.seen->containers.at(s.master);
  check(std::any_of(there.begin(), there.end(), [&](const auto& one) { return one.name == name; }),
        name + " on " + s.master, "no such container", s.master);
  const auto file = s.seen->files.find({service, path});
  if (file == s.seen->files.end()) throw Error(Kind::invalid, "no look was told to read it", path);
  const auto& content = file->second.get();
  return content.empty() ? std::nullopt : std::optional(content.front());
}

void check_file(const Placed& s, const std::string& service, const std::string& path,
                const std::string& content) {
  const auto seen = container_file(s, service, path);
  runner::check_equal(seen, std::optional<std::string>(content),
                      fmt::format("{} in {} on {}", path, s.container(service), s.master));
}

void check_no_file(const Placed& s, const std::string& service, const std::string& path) {
  const auto seen = container_file(s, service, path);
  check(!seen.has_value(), "no such file", "a file: " + seen.value_or(""),
        fmt::format("{} in {} on {}", path, s.container(service), s.master));
}

}  // namespace labctl::scenarios
