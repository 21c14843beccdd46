#pragma once

#include "runner/scenario.hpp"
#include "scenarios/steps.hpp"

#include <chrono>
#include <string>

// The parts of placement(): each adds its shoulds to the block.
namespace labctl::scenarios {

inline constexpr std::chrono::seconds call_budget{10};

void key_shoulds(runner::Block<Placed>& block, const TestService& service, const Placement& at);
void clone_shoulds(runner::Block<Placed>& block, const Placement& at);
void volume_shoulds(runner::Block<Placed>& block, const TestService& service, const Placement& at);
void schedule_shoulds(runner::Block<Placed>& block, const TestService& service, const Placement& at);
void service_shoulds(runner::Block<Placed>& block, const Placement& at);
void container_shoulds(runner::Block<Placed>& block, const TestService& service, const Placement& at);

// The app's record in KV at the last look; CheckFailed if there was none.
const contract::Record& record_of(const Placed& s);

// "core1 and core2", or "core1".
std::string both(const Placement& at);

}  // namespace labctl::scenarios
