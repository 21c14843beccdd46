#include "doctor/catalogue/groups.hpp"

namespace labctl::doctor {
namespace {

constexpr Trouble tunnels_catalogue[] = {
    {"daemon-not-running", Severity::failure, "no tunnel daemon runs",
     "It was not started, it was stopped, or the machine was started anew.",
     "Nobody listens on the daemon's control socket, and no forward's socket file is left.",
     "labctl tunnels up"},
    {"daemon-silent", Severity::failure, "the tunnel daemon does not answer",
     "It is stopped (SIGSTOP, a debugger), or the machine is far too busy.",
     "What happened on its control socket instead of an answer.",
     "end it (kill PID), then labctl tunnels up; daemon.log says what it did last"},
    {"stale-socket", Severity::failure,
     "a socket file without a listener: clients see ConnectionError, connection refused",
     "The daemon was killed, or another program took the file's place and ended.",
     "The file is a socket, and a connection to it is refused.",
     "labctl tunnels up replaces it; labctl doctor --fix removes it"},
    {"socket-missing", Severity::failure, "the daemon runs, but a forward's socket file is not there",
     "Somebody removed the file, or the folder with it.",
     "The daemon says that the forward is up, and there is no file.", "labctl tunnels restart {}"},
    {"socket-foreign", Severity::failure, "a file that is not a socket is where a forward's socket belongs",
     "A container with a bind mount of the socket was started before the tunnels (Docker then makes a "
     "folder), or a file was copied there.",
     "The kind of the file.",
     "move {} away, or change local: in the inventory; labctl never removes what is not its own"},
    {"socket-not-permitted", Severity::failure, "the socket belongs to another user",
     "labctl tunnels up was run by another user, for example with sudo.",
     "A connection to the socket is not permitted.", "run as the user who ran labctl tunnels up"},
    {"port-taken", Severity::failure, "another program listens where a forward has its local end",
     "Another tunnel (ssh -L), or a Consul of this machine, has the port.",
     "No daemon of this inventory runs, and somebody accepts connections there.",
     "end it, or change local: in the inventory"},
    {"forward-not-carried", Severity::failure, "the daemon was started without this forward",
     "The inventory has changed since labctl tunnels up, or that command was limited with --node.",
     "The daemon's status does not have the forward.", "labctl tunnels down && labctl tunnels up"},
    {"forward-down", Severity::failure, "a forward does not answer, and no probe shows the cause",
     "Not known. The server behind the forward may be down.",
     "The errors of the doctor's own try and of the daemon.",
     "labctl tunnels restart {}; daemon.log says more"},
};

}  // namespace

std::span<const Trouble> tunnel_troubles() { return tunnels_catalogue; }

}  // namespace labctl::doctor
