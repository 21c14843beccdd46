#include "cluster/host_folder.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "docker/engine.hpp"

#include <spdlog/spdlog.h>

#include <chrono>

namespace labctl::cluster {
namespace {

constexpr std::chrono::seconds folder_budget{30};
constexpr std::chrono::seconds helper_removal_budget{10};

// A fixed name, so that the next call removes the container that a killed labctl left.
const std::string name = "labctl-host-folder";

// The container for one command. The destructor removes it, also after an interrupt.
class Helper {
public:
  Helper(docker::Engine& engine, const nlohmann::json& wish, Deadline deadline) : engine_(engine) {
    remove(deadline);
    try {
      engine_.parse(engine_.call("POST", "/containers/create?name=" + name, deadline, wish));
    } catch (...) {
      remove_quietly();  // the container may exist in spite of the error
      throw;
    }
  }
  ~Helper() { remove_quietly(); }
  Helper(const Helper&) = delete;
  Helper& operator=(const Helper&) = delete;

  int run(Deadline deadline) {
    const std::string path = "/containers/" + name;
    engine_.call("POST", path + "/start", deadline);
    return engine_.parse(engine_.call("POST", path + "/wait", deadline)).value("StatusCode", -1);
  }

private:
  void remove(Deadline deadline) {
    engine_.call("DELETE", "/containers/" + name + "?force=1", deadline, nullptr, true);
  }
  void remove_quietly() {
    const InterruptShield shield;
    try {
      remove(Deadline::in(helper_removal_budget));
    } catch (const Error& e) {
      spdlog::warn("container {} is left behind: {}", name, e.line());
    }
  }

  docker::Engine& engine_;
};

}  // namespace

void in_host_folder(Cluster& cluster, const std::string& node, const std::string& folder,
                    const std::vector<std::string>& argv) {
  docker::Engine engine(cluster.docker_server(node));
  const auto deadline = cluster.within(folder_budget);
  const auto consul = engine.get("/containers/" + cluster.conventions().consul_container + "/json", deadline);
  Helper helper(engine,
                {{"Image", consul.at("Image")},
                 {"Entrypoint", argv},
                 {"Cmd", nlohmann::json::array()},
                 {"HostConfig", {{"Binds", {folder + ":/mnt"}}, {"NetworkMode", "none"}}}},
                deadline);
  if (helper.run(deadline) == 0) return;
  const auto said = last_line(cluster.docker(node).logs(name, 20, deadline));
  throw Error(Kind::unavailable, join(argv, " ") + " failed: " + said, node + ":" + folder);
}

}  // namespace labctl::cluster
