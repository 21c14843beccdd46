#include "doctor/catalogue/groups.hpp"

namespace labctl::doctor {
namespace {

constexpr Trouble engine_catalogue[] = {
    {"docker-down", Severity::failure, "the tunnel is fine, the Docker engine behind it is not",
     "dockerd does not run, hangs, or listens elsewhere than docker.remote: says.",
     "The login works; the channel to the socket is refused, or the engine does not answer.",
     "systemctl status docker on {}; is the user in the group docker?"},
    {"docker-not-permitted", Severity::failure, "the user of the login may not use the engine's socket",
     "The user is not in the group docker, or became a member after the session began.",
     "Owner and mode of the socket, and the groups of the user, as the node shows them.",
     "usermod -aG docker USER on {}, then labctl tunnels restart"},
    {"container-not-running", Severity::failure, "a container of the cluster's stack does not run",
     "It was stopped, it ended with an error, or it was never created.",
     "The engine's state of the container.", "docker start it on {}, docker logs shows why it ended"},
    {"container-restarting", Severity::failure,
     "a container of the cluster's stack ends each time that it is started",
     "Its configuration is not valid, or something that it needs is missing.",
     "The engine is between two starts of it.",
     "docker logs on {} says why; the pause between its starts grows up to a minute"},
    {"volume-plugin-off", Severity::failure,
     "a node's engine has no volume plugin: volumes cannot be mounted, or are made local",
     "The plugin was disabled, removed, or did not start with the engine.",
     "The engine's list of volume drivers, and its list of plugins.",
     "docker plugin enable the driver on {}; docker plugin ls shows its state"},
};

}  // namespace

std::span<const Trouble> engine_troubles() { return engine_catalogue; }

}  // namespace labctl::doctor
