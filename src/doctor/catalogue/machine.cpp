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
