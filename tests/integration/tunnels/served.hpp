#pragma once

#include "testbed.hpp"

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace labctl::test {

// Keeps sending requests through forwards while a test breaks something else, and notes each request that is
// not answered within its deadline. One thread per forward, one request at a time, each on a connection of
// its own.
class Served {
public:
  // The forwards of the inventory with these names: Consul's or a docker.sock.
  Served(const inventory::Inventory& inventory, const std::vector<std::string>& forwards);
  ~Served();
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  // Waits until each forward has answered a request that began after this call, and checks that every request
  // since the beginning was answered. Call it while the fault lasts, and again when it is over.
  void check();

private:
  struct Client {
    std::string forward;
    Endpoint end;
    std::atomic<std::uint64_t> begun{0};
    std::atomic<std::uint64_t> ended{0};
    std::thread thread;
  };

  void ask_again_and_again(Client& client);

  std::vector<std::unique_ptr<Client>> clients_;
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  std::vector<std::string> unserved_;
};

}  // namespace labctl::test
