#include "doctor/catalogue/groups.hpp"

namespace labctl::doctor {
namespace {

constexpr Trouble machine_catalogue[] = {
    {"inventory-invalid", Severity::failure, "the inventory is not valid",
     "A key is unknown, a value has a wrong form, or the file that was named does not exist.",
     "The error of reading it, with line and column.",
     "correct the line; labctl inventory check looks again"},
    {"inventory-none", Severity::failure, "there is no inventory",
     "None was named, none is in the usual places, and no lab is up on this machine.",
     "The places that were looked at.",
     "labctl inventory from-salt writes one, labctl lab up brings a lab with one"},
    {"inventory-ambiguous", Severity::failure, "several inventories could be meant",
     "None was named, and several labs are up on this machine.", "The names of these labs.",
     "choose one with --inventory"},
    {"runtime-folder", Severity::failure, "other users have access to the folder for sockets",
     "The folder was made by another program or user, or its mode was changed. Who can write to it can "
     "replace a docker.sock.",
     "Owner and mode of the folder.",
     "remove {} or give it mode 0700 and your own user; or set LABCTL_RUNTIME_DIR"},
    {"proxy-in-environment", Severity::warning,
     "HTTP clients in this environment send requests for the tunnels to a proxy: RequestError, 502 or 503 of "
     "a proxy",
     "http_proxy or all_proxy is set, and no_proxy does not name the local ends and the inventory's hosts. "
     "labctl itself ignores proxies.",
     "The variables of this process, and the hosts that no_proxy does not cover.",
     "eval \"$(labctl env)\" sets no_proxy; or run the client with labctl run -- CMD"},
    {"tls-in-environment", Severity::warning,
     "clients in this environment speak TLS, which the ends of the tunnels do not",
     "The variable was set for another engine or another Consul.", "The variable and its value.",
     "unset {}; eval \"$(labctl env)\" does so"},
    {"docker-host-elsewhere", Severity::warning, "docker in this environment talks to another engine",
     "DOCKER_HOST was set for another cluster, for another version of the inventory, or by docker-machine.",
     "The value of DOCKER_HOST is the local end of none of the inventory's engines.",
     "unset DOCKER_HOST, or eval \"$(labctl env --docker-host NODE)\""},
    {"consul-address-elsewhere", Severity::warning,
     "clients of Consul in this environment talk to another Consul",
     "CONSUL_HTTP_ADDR was set for another cluster, or the inventory's local end has changed since.",
     "The value of CONSUL_HTTP_ADDR is not the local end of the forward to Consul.",
     "eval \"$(labctl env)\" sets it"},
    {"hosts-entry-stale", Severity::warning,
     "/etc/hosts has a name of the cluster with the address of a node that is gone",
     "The inventory has changed since labctl hosts --apply, or the line was written by hand.",
     "The line, and the address that the inventory gives the name.",
     "sudo labctl hosts --apply writes the lines anew, --remove takes them out; lines of your own stay "
     "yours"},
    {"lab-kernel", Severity::warning, "the kernel of this machine lacks what an embedded lab needs",
     "A container, WSL or a small kernel has no btrfs, no overlay, no loop devices or no cgroups.",
     "/proc/filesystems and the modules of this kernel, /dev/loop-control, the mounted cgroups. Looked at "
     "only if there is a lab on this machine.",
     "load the module (modprobe btrfs), mount the cgroups, or use a machine with a full kernel"},
    {"lab-inotify", Severity::warning,
     "root has no inotify instance left: programs in an embedded lab cannot watch files",
     "Many programs that watch files run on this machine, and its limit is small.",
     "The inotify instances in /proc/PID/fd of root's processes, and the limit. Only root can count them. "
     "Looked at only if there is a lab on this machine.",
     "sysctl {}=1024"},
    {"lab-route", Severity::failure, "another network has the addresses of an embedded lab",
     "A VPN or another tool has added a route for these addresses since the lab was brought up.",
     "The interface through which the kernel sends packets for the address of a node (ip route get).",
     "remove the other route, or labctl lab down --name {} and lab up, which chooses a free network"},
    {"lab-leftovers", Severity::failure, "a lab that is not up has left things on this machine",
     "labctl was killed while it brought a lab up or down.",
     "What the lab's journal names and the machine still has.", "sudo labctl lab down --name {}"},
    {"fault-left", Severity::failure, "a test that was killed left a fault that it had injected",
     "labctl test was ended with kill -9, or the machine went down.",
     "The journal of that run, on this machine, names this cluster and the fault.",
     "labctl doctor --fix undoes it, and so does the next labctl test of this cluster"},
    {"probe-failed", Severity::warning, "a probe failed",
     "The doctor itself could not look. What this probe would have found is not known.",
     "The error of the probe.", "labctl doctor -v"},
};

}  // namespace

std::span<const Trouble> machine_troubles() { return machine_catalogue; }

}  // namespace labctl::doctor
