#include "cli/run.hpp"
#include "polling.hpp"

int main(int argc, char** argv) {
  const labctl::Polling polling;
  labctl::http::set_wait_strategy(polling);
  return labctl::cli::run(argc, argv);
}
