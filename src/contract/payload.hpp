#pragma once

#include "contract/names.hpp"
#include "contract/placement.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Consul user events (contract 2): the batch that a watch handler reads, and the payloads of the three known
// events. All texts are untrusted: parsers throw Error{invalid}, and nothing else.
namespace labctl::contract {

struct UserEvent {
  std::string id;                      // EID
  std::string name;                    // "deploy"
  std::optional<std::string> payload;  // decoded; nullopt if the event had none
};

struct DeployRequest {
  AppName app;
  Placement at;
  bool update = false;
};

struct DestroyRequest {
  AppName app;
};

struct MigrateRequest {
  AppName source;
  AppName target;
  bool update = true;
};

// stdin of a watch handler: a JSON array of events, often empty. An entry whose payload cannot be decoded
// keeps its id and name and gets `bad_payload`, so that the rest of the batch is still processed.
struct BatchEntry {
  UserEvent event;
  std::string bad_payload;  // why the payload cannot be decoded, "" if it can
};
std::vector<BatchEntry> parse_batch(std::string_view text);

// The checks of the contract (2.3), in its order; unknown fields are ignored.
DeployRequest parse_deploy(std::string_view payload);
DestroyRequest parse_destroy(std::string_view payload);
MigrateRequest parse_migrate(std::string_view payload);

std::string to_payload(const DeployRequest& request);
std::string to_payload(const DestroyRequest& request);
std::string to_payload(const MigrateRequest& request);

// True for an id that is valid as a line of events.log and as part of a folder name.
bool valid_event_id(std::string_view id);

}  // namespace labctl::contract
