#include "doctor/probes/consul_reader.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

namespace labctl::doctor {

nlohmann::json ConsulReader::get(const std::string& path) {
  const auto response = http_.send({"GET", path, {}, {}}, deadline_);
  if (response.status == 404) return nullptr;
  if (response.status != 200) {
    throw ConsulRefusal(response.status, fmt::format("Consul answered {} to {}: {}", response.status, path,
                                                     last_line(response.body)));
  }
  auto value = nlohmann::json::parse(response.body, nullptr, false);
  if (value.is_discarded()) throw Error(Kind::invalid, "Consul's answer to " + path + " is not JSON");
  return value;
}

std::vector<std::pair<std::string, std::string>> ConsulReader::values(const std::string& prefix) {
  std::vector<std::pair<std::string, std::string>> all;
  for (const auto& entry : get("/v1/kv/" + http::escape(prefix, true) + "?recurse=true")) {
    if (!entry.is_object() || !entry.contains("Key")) continue;
    const auto value = entry.find("Value");
    const bool text = value != entry.end() && value->is_string();
    all.emplace_back(entry.at("Key").get<std::string>(),
                     text ? decode_base64(value->get<std::string>()).value_or("") : "");
  }
  return all;
}

}  // namespace labctl::doctor
