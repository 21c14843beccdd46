#include "agent/program.hpp"
#include "polling.hpp"

int main(int argc, char** argv) {
  using namespace labctl::agent;
  const labctl::Polling polling;
  labctl::http::set_wait_strategy(polling);
  return run(argc, argv, [](const Settings&, const QueuedEvent&) { return Tables{}; });
}
