#include "lab/info.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "lab/journal.hpp"
#include "lab/lab_paths.hpp"
#include "lab/lock.hpp"
#include "lab/names.hpp"
#include "lab/node.hpp"
#include "lab/processes.hpp"
#include "lab/traces.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <algorithm>

namespace labctl::lab {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

}  // namespace

std::string to_json(const LabInfo& lab) {
  json nodes = json::array();
  for (const auto& node : lab.nodes) {
    nodes.push_back({{"name", node.name}, {"os", node.os}, {"address", node.address}});
  }
  return json{{"name", lab.name}, {"host", lab.host_address},       {"hub", lab.hub_address},
              {"nodes", nodes},   {"consul_port", lab.consul_port}, {"up", lab.up}}
             .dump(2) +
         "\n";
}

LabInfo parse_info(const std::string& text, const fs::path& source) {
  try {
    const json record = json::parse(text);
    LabInfo lab;
    record.at("name").get_to(lab.name);
    record.at("host").get_to(lab.host_address);
    record.at("hub").get_to(lab.hub_address);
    record.at("consul_port").get_to(lab.consul_port);
    record.at("up").get_to(lab.up);
    for (const auto& node : record.at("nodes"))
      lab.nodes.push_back({node.at("name"), node.at("os"), node.at("address")});
    lab.folder = source.parent_path();
    return lab;
  } catch (const json::exception& error) {
    throw Error(Kind::invalid, "is not a lab's record", source, "labctl lab down removes the lab");
  }
}

void save(const LabInfo& lab) { write_file(LabPaths(lab.name).record, to_json(lab)); }

std::optional<LabInfo> find(const std::string& name) {
  check_name(name);
  const LabPaths paths(name);
  std::error_code none;
  if (!fs::exists(paths.folder, none)) return std::nullopt;
  LabInfo unknown;
  unknown.name = name;
  unknown.folder = paths.folder;
  if (!fs::exists(paths.record, none)) return unknown;
  try {
    return parse_info(read_file(paths.record), paths.record);
  } catch (const Error&) {
    return unknown;
  }
}

std::vector<LabInfo> all() {
  std::vector<LabInfo> labs;
  std::error_code none;
  for (fs::directory_iterator it(labs_dir(), none), end; !none && it != end; it.increment(none)) {
    if (!it->is_directory(none) || !is_name(it->path().filename())) continue;
    if (auto lab = find(it->path().filename())) labs.push_back(std::move(*lab));
  }
  std::sort(labs.begin(), labs.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return labs;
}

std::vector<LabInfo> running() {
  auto labs = all();
  std::erase_if(labs, [](const LabInfo& lab) { return !lab.up; });
  return labs;
}

std::vector<std::string> leftovers(const std::string& name) {
  const LabPaths paths(name);
  const auto lab = find(name);
  if (!lab || lab->up || held(paths.lock)) return {};
  const auto entries = read_journal(paths.journal);
  return entries ? traces_of(*entries) : std::vector<std::string>{};
}

std::vector<std::string> exec_argv(const LabInfo& lab, const std::string& node,
                                   const std::vector<std::string>& argv, const std::string& user) {
  std::vector<std::string> names{"hub"};
  for (const auto& each : lab.nodes) names.push_back(each.name);
  if (std::find(names.begin(), names.end(), node) == names.end()) {
    const std::string near = nearest(node, names);
    throw Error(Kind::not_found, fmt::format("no node '{}' in lab {}", node, lab.name), {},
                near.empty() ? "its nodes are " + join(names, " ") : fmt::format("did you mean {}?", near));
  }
  const auto pid = first_process(LabPaths(lab.name).netns(node));
  if (!pid) {
    throw Error(Kind::unavailable, "the node is dead", node,
                node == "hub" ? "labctl lab up starts the lab anew" : "labctl lab start " + node);
  }
  return enter_argv(*pid, argv, user);
}

std::vector<fs::path> log_files(const LabInfo& lab, const std::optional<std::string>& node) {
  std::vector<fs::path> files;
  std::error_code none;
  for (fs::recursive_directory_iterator it(LabPaths(lab.name).logs, none), end; !none && it != end;
       it.increment(none)) {
    const bool wanted = !node || it->path().parent_path().filename() == *node;
    if (wanted && it->is_regular_file(none)) files.push_back(it->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void require_root() {
  if (::geteuid() == 0) return;
  throw Error(Kind::refused, "labs need root", {},
              "a node is made of network, mount and pid namespaces, cgroups and loop devices; use sudo");
}

}  // namespace labctl::lab
