#pragma once

#include "inventory/inventory.hpp"
#include "support/fake_server.hpp"
#include "support/temp_dir.hpp"

#include <cstdlib>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace labctl::test {

// A Consul with one node that only stores keys. `on_write` is called before a key is written or removed and
// returns whether that is allowed. The journals of faults go to a temporary folder.
struct KeyStore {
  std::string node_id = "id-1";
  std::function<bool(const std::string& method)> on_write = [](const std::string&) { return true; };
  std::set<std::string> keys;
  std::vector<std::string> writes;  // "PUT KEY", "DELETE KEY"
  TempDir state;
  FakeServer server{[this](const FakeRequest& request, const FakeConnection& connection) {
    if (request.target == "/v1/catalog/nodes") {
      connection.reply(200, R"([{"Node": "core1", "ID": ")" + node_id + R"("}])");
      return true;
    }
    const auto key = request.target.substr(std::string("/v1/kv/").size());
    writes.push_back(request.method + " " + key);
    if (!on_write(request.method)) {
      connection.reply(403, "Permission denied");
      return true;
    }
    request.method == "PUT" ? static_cast<void>(keys.insert(key)) : static_cast<void>(keys.erase(key));
    connection.reply(200, "true");
    return true;
  }};

  KeyStore() { ::setenv("LABCTL_STATE_DIR", state.path().c_str(), 1); }

  // The inventory of a cluster that has nothing else.
  inventory::Inventory inventory() const {
    inventory::Inventory made;
    made.name = "lab";
    made.forwards.push_back({"consul",
                             {"core1"},
                             {"127.0.0.1", server.address().port, ""},
                             {},
                             inventory::Forward::Kind::consul});
    return made;
  }
};

}  // namespace labctl::test
