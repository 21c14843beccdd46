#pragma once

#include "inventory/inventory.hpp"

#include <nlohmann/json.hpp>

namespace labctl::inventory {

NLOHMANN_JSON_SERIALIZE_ENUM(Forward::Direction, {{Forward::Direction::local, "local"},
                                                  {Forward::Direction::remote, "remote"},
                                                  {Forward::Direction::dynamic, "dynamic"}})

}  // namespace labctl::inventory
