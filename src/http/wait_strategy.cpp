#include "http/wait_strategy.hpp"

namespace labctl::http {
namespace {

const WaitStrategy by_event;
const WaitStrategy* in_force = &by_event;

}  // namespace

const WaitStrategy& wait_strategy() { return *in_force; }
void set_wait_strategy(const WaitStrategy& strategy) { in_force = &strategy; }

}  // namespace labctl::http
