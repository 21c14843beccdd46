#pragma once

#include "doctor/finding.hpp"

// The catalogue's tables, one file for each group.
namespace labctl::doctor {

std::span<const Trouble> machine_troubles();
std::span<const Trouble> tunnel_troubles();
std::span<const Trouble> login_troubles();
std::span<const Trouble> engine_troubles();
std::span<const Trouble> consul_troubles();
std::span<const Trouble> cluster_troubles();

}  // namespace labctl::doctor
