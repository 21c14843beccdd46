#include "doctor/probes/promised.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "consul/client.hpp"
#include "contract/record.hpp"

namespace labctl::doctor {
namespace {

void add(const consul::KeyValue& entry, const std::string& node, Promised& to) {
  const auto record = contract::parse_record(entry.value);
  for (const auto& domain : record.domains) {
    if (!domain.empty()) to.domains.push_back(domain);
  }
  if (record.at.master != node) return;
  for (const auto& volume : record.volumes) to.volumes.emplace_back(volume, entry.key.substr(4));
  // Without a Caddyfile, an app has a site only while it is in maintenance.
  if (record.caddyfile.empty()) return;
  for (const auto& key : split(record.urls, ',')) {
    if (!trim(key).empty()) to.keys.push_back(trim(key));
  }
}

}  // namespace

Promised promised_of(const inventory::Inventory& inventory, const std::string& node, Deadline deadline) {
  Promised promised;
  try {
    consul::Client consul(inventory.consul().local, inventory.consul_token);
    for (const auto& entry : consul.list("app/", deadline)) {
      try {
        add(entry, node, promised);
      } catch (const Error&) {
        // Another program's entry.
      }
    }
  } catch (const Error& error) {
    if (error.kind() == Kind::interrupted) throw;  // the probe of Consul reports the others
  }
  return promised;
}

}  // namespace labctl::doctor
