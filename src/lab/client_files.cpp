#include "lab/client_files.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "inventory/default_forwards.hpp"
#include "inventory/write.hpp"
#include "lab/containers.hpp"
#include "lab/lab_paths.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>

namespace labctl::lab {
namespace {

namespace fs = std::filesystem;

void make_key(const fs::path& file, const std::string& comment) {
  run_checked({.argv = {"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", file}},
              Deadline::in(std::chrono::seconds(20)));
}

std::optional<unsigned> number_from(const char* variable) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return std::nullopt;
  unsigned value = 0;
  const std::string_view digits(text);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

void give_to_sudo_user(const fs::path& folder) {
  const auto user = number_from("SUDO_UID"), group = number_from("SUDO_GID");
  if (!user || !group) return;
  std::vector<fs::path> all{folder};
  for (const auto& file : fs::directory_iterator(folder)) all.push_back(file.path());
  for (const auto& file : all) {
    if (::lchown(file.c_str(), *user, *group) != 0)
      throw system_error("cannot give it to the user of sudo", file);
  }
}

}  // namespace

void make_keys(const LabInfo& lab) {
  const LabPaths paths(lab.name);
  fs::create_directories(paths.client);
  make_key(paths.client / "id_ed25519", "labctl lab " + lab.name);
  fs::create_directories(paths.keys);
  make_key(paths.keys / "id_ed25519", "labctl lab " + lab.name + " volumes");
  fs::copy_file(paths.keys / "id_ed25519.pub", paths.keys / "authorized_keys");
  // For the plugin's own ssh, which replicates volumes. OpenSSH 9's default key exchange takes 0.1 s of CPU
  // time at each end of every connection.
  write_file(paths.keys / "config",
             "Host *\n"
             "  StrictHostKeyChecking no\n"
             "  KexAlgorithms ^curve25519-sha256\n"
             "  UserKnownHostsFile /dev/null\n"
             "  LogLevel ERROR\n");
  // The test service's own key is the same in every lab. ssh refuses to use a copy that other users can read.
  const fs::path service_key = share_dir() / "lab/service/ssh/id_rsa_anyblok_ssh";
  write_file(paths.client / "service_key", read_file(service_key), 0600);
}

std::string known_hosts_text(const LabInfo& lab, const std::vector<std::vector<std::string>>& host_keys) {
  std::string text;
  for (std::size_t i = 0; i < lab.nodes.size(); ++i) {
    for (const auto& key : host_keys.at(i)) {
      const auto words = split(trim(key), ' ');  // type, key, comment
      if (words.size() < 2)
        throw Error(Kind::invalid, "is not a public host key: '" + key + "'", lab.nodes[i].name);
      text += fmt::format("{},{} {} {}\n", lab.nodes[i].address, lab.nodes[i].name, words[0], words[1]);
    }
  }
  return text;
}

inventory::Inventory inventory_of(const LabInfo& lab) {
  const LabPaths paths(lab.name);
  inventory::Inventory made;
  made.name = lab.name;
  made.source = lab.inventory();
  for (const auto& node : lab.nodes) {
    inventory::Node login;
    login.name = node.name;
    login.address = node.address;
    login.user = "core";
    login.identity = paths.client / "id_ed25519";
    login.known_hosts = paths.client / "known_hosts";
    made.nodes.push_back(std::move(login));
  }
  made.forwards = inventory::default_forwards(made);
  made.forwards.front().local.port = lab.consul_port;
  // The last node, so that most requests pass through a proxy that is not on the master.
  for (const auto* host : {"service.cluster.lab", "service.qualif.cluster.lab"})
    made.hosts[host] = lab.nodes.back().name;
  made.cluster.disposable = true;
  auto& service = made.cluster.service;
  service.writable = true;
  service.ssh_port = ssh_ports.front();
  service.ssh_ports = ssh_ports;
  service.ssh_identity = paths.client / "service_key";
  return made;
}

std::string inventory_text(const LabInfo& lab) {
  return inventory::to_yaml(
      inventory_of(lab),
      fmt::format("The embedded lab \"{}\"; written by labctl lab up, gone after labctl lab down.", lab.name),
      inventory::Values::non_default);
}

void write_client_files(const LabInfo& lab, const std::vector<std::vector<std::string>>& host_keys) {
  const LabPaths paths(lab.name);
  write_file(paths.client / "known_hosts", known_hosts_text(lab, host_keys));
  give_to_sudo_user(paths.client);
  write_file(lab.inventory(), inventory_text(lab));
  give_to_sudo_user(paths.client);
}

}  // namespace labctl::lab
