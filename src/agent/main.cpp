#include "agent/program.hpp"

int main(int argc, char** argv) {
  using namespace labctl::agent;
  return run(argc, argv, [](const Settings&, const QueuedEvent&) { return Tables{}; });
}
