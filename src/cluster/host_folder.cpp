#include "cluster/host_folder.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "docker/engine.hpp"

#include <chrono>

namespace labctl::cluster {
namespace {

constexpr std::chrono::seconds budget{30};

}  // namespace

void in_host_folder(Cluster& cluster, const std::string& node, const std::string& folder,
                    const std::vector<std::string>& argv) {
  docker::Engine engine(cluster.docker_server(node));
  const auto deadline = cluster.within(budget);
  const auto consul = engine.get("/containers/" + cluster.conventions().consul_container + "/json", deadline);
  const auto made =
      engine.parse(engine.call("POST", "/containers/create", deadline,
                               {{"Image", consul.at("Image")},
                                {"Entrypoint", argv},
                                {"Cmd", nlohmann::json::array()},
                                {"HostConfig", {{"Binds", {folder + ":/mnt"}}, {"NetworkMode", "none"}}}}));
  const std::string path = "/containers/" + made.at("Id").get<std::string>();
  std::string said;
  int status = -1;
  try {
    engine.call("POST", path + "/start", deadline);
    status = engine.parse(engine.call("POST", path + "/wait", deadline)).value("StatusCode", -1);
    if (status != 0) said = last_line(cluster.docker(node).logs(made.at("Id"), 20, deadline));
  } catch (const Error&) {
    engine.call("DELETE", path + "?force=1", deadline, nullptr, true);
    throw;
  }
  engine.call("DELETE", path + "?force=1", deadline, nullptr, true);
  if (status != 0) throw Error(Kind::unavailable, join(argv, " ") + " failed: " + said, node + ":" + folder);
}

}  // namespace labctl::cluster
