#include "cli/test_surroundings.hpp"

#include "base/current_error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "cli/consul_token.hpp"
#include "cli/lab_removal.hpp"
#include "lab/lab.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace labctl::cli {
namespace {

// "bookworm" -> "12"; an unknown name stays.
std::string debian_number(const std::string& os) {
  return os == "bookworm" ? "12" : os == "trixie" ? "13" : os;
}

std::string debian(const lab::LabInfo& lab) {
  std::vector<std::string> numbers;
  for (const auto& node : lab.nodes) {
    const auto number = debian_number(node.os);
    if (std::find(numbers.begin(), numbers.end(), number) == numbers.end()) numbers.push_back(number);
  }
  return "Debian " + join(numbers, " and ");
}

}  // namespace

TestSurroundings::TestSurroundings(const Context& context) : context_(context) {
  try {
    if (auto inventory = context.load_inventory_if_any()) {
      inventory_ = with_consul_token(std::move(*inventory));
      // Said, because the wrong cluster may be the current one: of ./inventory.yaml, or of LABCTL_INVENTORY.
      tell("inventory " + inventory::with_file(*inventory_));
    } else {
      bring_lab_up();
    }
    bring_tunnels_up();
  } catch (...) {
    try {
      close();
    } catch (...) {
      spdlog::error("{}", current_error().line());
    }
    throw;
  }
}

TestSurroundings::~TestSurroundings() {
  try {
    close();
  } catch (...) {
    spdlog::error("{}", current_error().line());
  }
}

void TestSurroundings::tell(const std::string& line) {
  say(context_, line);
  facts_.push_back(line);
}

void TestSurroundings::bring_lab_up() {
  const lab::UpOptions options;
  say(context_,
      fmt::format("no inventory found: bringing up the embedded lab \"{}\" for this run", options.name));
  const auto report = lab::up(options, [this](const std::string& line) { say(context_, line); });
  lab_ = report.lab.name;
  std::string names;
  for (const auto& node : report.lab.nodes) names += node.name + " ";
  tell(fmt::format("lab      {}up in {:.1f} s   {}, Docker {}, Consul {}", names,
                   static_cast<double>(report.took.count()) / 1000, debian(report.lab),
                   report.docker_versions, report.consul_version));
  inventory_ = inventory::load(report.lab.inventory());
}

void TestSurroundings::bring_tunnels_up() {
  tunnels_.emplace(*inventory_);
  const auto forwards = plural(inventory_->forwards.size(), "forward");
  if (tunnels_->were_up()) {
    tell(fmt::format("tunnels  already up: {} ok", forwards));
  } else {
    tell(fmt::format("tunnels  up: {} ok after {:.1f} s", forwards,
                     static_cast<double>(tunnels_->elapsed().count()) / 1000));
  }
}

void TestSurroundings::close() {
  const InterruptShield shield;
  if (const auto lab = std::exchange(lab_, std::nullopt)) {
    if (tunnels_) tunnels_->keep();  // remove_lab() closes them
    remove_lab(*lab, context_);
  } else if (tunnels_) {
    tunnels_->close();
  }
}

void TestSurroundings::keep() {
  if (tunnels_ && tunnels_->keep() && !lab_)
    say(context_, "kept     tunnels; labctl tunnels down closes them");
  if (const auto lab = std::exchange(lab_, std::nullopt)) {
    say(context_,
        fmt::format("kept     lab \"{}\" and its tunnels; labctl tunnels down, labctl lab down --name {}",
                    *lab, *lab));
  }
}

}  // namespace labctl::cli
