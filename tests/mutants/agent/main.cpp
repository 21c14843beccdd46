// labctl-agent-mutants: the agent with one injected defect.
#include "agent/program.hpp"
#include "mutants/agent/mutants.hpp"

int main(int argc, char** argv) {
  using namespace labctl::agent;
  return run(argc, argv, [](const Settings& settings, const QueuedEvent& task) {
    return planted(planted_defect(settings, task.apps));
  });
}
