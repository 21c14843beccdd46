#include "inventory/merge.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <functional>

namespace labctl::inventory {
namespace {

namespace fs = std::filesystem;

// A value as YAML text, in quotes if YAML might read it as something else.
std::string quoted(const std::string& value) {
  YAML::Emitter out;
  const bool plain =
      value.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/~") ==
      std::string::npos;
  if (!plain) out << YAML::DoubleQuoted;
  out << value;
  return out.c_str();
}

// Edits the file's text at positions that yaml-cpp reports. Every edit parses the text again, so that the
// positions are correct.
class Editor {
public:
  explicit Editor(std::string text) : text_(std::move(text)) {}

  const std::string& text() const { return text_; }

  void set_address(const Node& node) {
    const auto root = YAML::Load(text_);
    const auto address = root["nodes"][node.name]["address"];
    const auto at = offset(address.Mark());
    const auto& old = address.Scalar();
    for (const auto& written : {old, "\"" + old + "\"", "'" + old + "'"}) {
      if (text_.compare(at, written.size(), written) != 0) continue;
      text_.replace(at, written.size(), quoted(node.address));
      return;
    }
  }

  void add_node(const Node& node) {
    auto value = "{address: " + quoted(node.address);
    if (!node.user.empty()) value += ", user: " + quoted(node.user);
    if (node.identity) value += ", identity: " + quoted(node.identity->string());
    const auto root = YAML::Load(text_);
    const auto nodes = root["nodes"];
    if (nodes.Style() == YAML::EmitterStyle::Flow) {
      const auto end = flow_end(offset(nodes.Mark()));
      auto last = end;
      while (last > 0 && std::string_view(" \t\n").find(text_[last - 1]) != std::string_view::npos) --last;
      text_.insert(last, (text_[last - 1] == ',' ? " " : ", ") + node.name + ": " + value + "}");
      return;
    }
    const auto column = static_cast<std::size_t>(nodes.begin()->first.Mark().column);
    int last_line = 0;
    for (const auto& entry : nodes) last_line = std::max(last_line, entry.first.Mark().line);
    insert_line(block_end(static_cast<std::size_t>(last_line), column),
                std::string(column, ' ') + node.name + ": " + value + "}");
  }

  void set_known_hosts(const std::string& path) {
    const auto root = YAML::Load(text_);
    const auto words = "known_hosts: " + quoted(path);
    const auto defaults = root["defaults"];
    if (defaults && defaults.IsMap() && defaults.size() > 0) {
      if (defaults.Style() == YAML::EmitterStyle::Flow) {
        text_.insert(offset(defaults.Mark()) + 1, words + ", ");
        return;
      }
      const auto mark = defaults.begin()->first.Mark();
      insert_line(static_cast<std::size_t>(mark.line),
                  std::string(static_cast<std::size_t>(mark.column), ' ') + words);
      return;
    }
    for (const auto& entry : root) {
      if (entry.first.Scalar() == "nodes")
        return insert_line(static_cast<std::size_t>(entry.first.Mark().line), "defaults: {" + words + "}");
    }
  }

private:
  std::size_t line_start(std::size_t line) const {
    std::size_t at = 0;
    for (; line > 0; --line) {
      const auto end = text_.find('\n', at);
      if (end == std::string::npos) return text_.size();
      at = end + 1;
    }
    return at;
  }

  std::size_t offset(const YAML::Mark& mark) const {
    if (mark.line < 0) return text_.size();
    return std::min(line_start(static_cast<std::size_t>(mark.line)) + static_cast<std::size_t>(mark.column),
                    text_.size());
  }

  void insert_line(std::size_t line, const std::string& words) {
    const auto at = line_start(line);
    const bool needs_end = at == text_.size() && !text_.empty() && text_.back() != '\n';
    text_.insert(at, (needs_end ? "\n" : "") + words + "\n");
  }

  // The line after the block of a mapping whose keys are at `column` and whose last key is in `line`. The
  // block ends before the first line that is not indented deeper than `column`, and before blank lines at its
  // end.
  std::size_t block_end(std::size_t line, std::size_t column) const {
    const auto all = lines(text_);
    auto end = line + 1;
    for (auto at = end; at < all.size(); ++at) {
      const auto words = trim(all[at]);
      if (words.empty()) continue;
      if (all[at].find_first_not_of(' ') <= column) break;
      end = at + 1;
    }
    return end;
  }

  // The position of the brace that closes the one at `at`.
  std::size_t flow_end(std::size_t at) const {
    int depth = 0;
    char quote = 0;
    for (; at < text_.size(); ++at) {
      const char c = text_[at];
      if (quote != 0) {
        if (c == '\\' && quote == '"') {
          ++at;
        } else if (c == quote) {
          quote = 0;
        }
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '#' && at > 0 && (text_[at - 1] == ' ' || text_[at - 1] == '\n')) {
        at = std::min(text_.find('\n', at), text_.size() - 1);
      } else if (c == '{') {
        ++depth;
      } else if (c == '}' && --depth == 0) {
        break;
      }
    }
    return std::min(at, text_.size());
  }

  std::string text_;
};

class Merge {
public:
  Merge(const std::string& yaml, const fs::path& source)
      : source_(source), before_(parse(yaml, source)), editor_(yaml) {}

  Merged run(const std::vector<Node>& nodes, const fs::path& known_hosts) {
    Merged result;
    wanted_ = before_.nodes;
    for (const auto& node : nodes) take(node, result.notes);
    for (const auto& node : before_.nodes) {
      const auto same = [&](const Node& other) { return other.name == node.name; };
      if (std::none_of(nodes.begin(), nodes.end(), same))
        result.notes.push_back(node.name + " of the inventory is not in salt's output: not changed");
    }
    if (!known_hosts.empty()) set_known_hosts(known_hosts);
    result.text = editor_.text();
    result.inventory = read_again();
    check(result.inventory, known_hosts);
    return result;
  }

private:
  void take(const Node& node, std::vector<std::string>& notes) {
    const auto old = std::find_if(wanted_.begin(), wanted_.end(),
                                  [&](const Node& other) { return other.name == node.name; });
    if (old == wanted_.end()) {
      edit(node.name, [&] { editor_.add_node(node); });
      wanted_.push_back(node);
      notes.push_back(fmt::format("{} is added: {}", node.name, node.address));
    } else if (old->address != node.address) {
      edit(node.name, [&] { editor_.set_address(node); });
      notes.push_back(fmt::format("{} moves from {} to {}", node.name, old->address, node.address));
      old->address = node.address;
    }
  }

  void set_known_hosts(const fs::path& known_hosts) {
    const auto& named = before_.nodes.front().known_hosts;
    if (named == known_hosts) return;
    if (!named.empty()) {
      throw Error(Kind::conflict, "the inventory names another known_hosts, " + named.string(),
                  source_.string(), "remove it, so that --host-keys can set its own file");
    }
    // The file is in the inventory's folder, so its name without a folder is enough.
    edit("defaults", [&] { editor_.set_known_hosts(known_hosts.filename().string()); });
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(Kind::conflict, "cannot change " + what + " without changing other parts of the file",
                source_.string(), "edit the file by hand");
  }

  void edit(const std::string& what, const std::function<void()>& change) const {
    try {
      change();
    } catch (const YAML::Exception&) {
      refuse(what);
    }
  }

  Inventory read_again() const {
    try {
      return parse(editor_.text(), source_);
    } catch (const Error& error) {
      throw Error(Kind::conflict,
                  "with salt's nodes, the inventory would be invalid: " + std::string(error.what()),
                  source_.string(), error.hint());
    }
  }

  // Checks that only the wanted values have changed.
  void check(const Inventory& after, const fs::path& known_hosts) const {
    for (const auto& node : wanted_) {
      const auto found = std::find_if(after.nodes.begin(), after.nodes.end(),
                                      [&](const Node& other) { return other.name == node.name; });
      if (found == after.nodes.end() || found->address != node.address) refuse(node.name);
      if (!known_hosts.empty() && found->known_hosts != known_hosts) refuse("known_hosts of " + node.name);
      const auto old = std::find_if(before_.nodes.begin(), before_.nodes.end(),
                                    [&](const Node& other) { return other.name == node.name; });
      if (old == before_.nodes.end()) continue;
      auto same = *found;
      same.address = old->address;
      same.known_hosts = old->known_hosts;
      if (same != *old) refuse(node.name);
    }
    if (after.nodes.size() != wanted_.size() || after.cluster != before_.cluster ||
        after.hosts != before_.hosts || after.name != before_.name)
      refuse("nodes");
  }

  fs::path source_;
  Inventory before_;
  Editor editor_;
  std::vector<Node> wanted_;
};

}  // namespace

Merged merge_nodes(const std::string& yaml, const fs::path& source, const std::vector<Node>& nodes,
                   const fs::path& known_hosts) {
  return Merge(yaml, source).run(nodes, known_hosts);
}

}  // namespace labctl::inventory
