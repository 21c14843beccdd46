// Compares every include of src/, and ARCHITECTURE.md's table of folders, with the relation that the CMake
// files declare.
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;
using Layers = std::map<std::string, std::set<std::string>>;

namespace {

// Adds the folders that are reached through others.
void add_reached(Layers& layers) {
  for (bool more = true; more;) {
    more = false;
    for (auto& [name, reached] : layers) {
      const auto before = reached.size();
      for (const auto& one : std::set<std::string>(reached)) {
        const auto through = layers.find(one);
        if (through != layers.end()) reached.insert(through->second.begin(), through->second.end());
      }
      more = more || reached.size() != before;
    }
  }
}

// Parses "base=|ssh=base|tunnels=inventory,ssh" and adds the folders that are reached through others.
Layers parse_layers(const std::string& text) {
  Layers layers;
  std::stringstream entries(text);
  for (std::string entry; std::getline(entries, entry, '|');) {
    const auto equals = entry.find('=');
    auto& reached = layers[entry.substr(0, equals)];
    std::stringstream names(entry.substr(equals + 1));
    for (std::string name; std::getline(names, name, ',');) reached.insert(name);
  }
  add_reached(layers);
  return layers;
}

std::vector<fs::path> sources(const fs::path& source) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(source)) {
    const auto extension = entry.path().extension();
    if (extension == ".cpp" || extension == ".hpp") found.push_back(fs::relative(entry.path(), source));
  }
  return found;
}

// The files of this project that a file includes, as written there: "ssh/session.hpp".
std::vector<std::string> includes(const fs::path& path) {
  static const std::regex include(R"re(^\s*#\s*include\s+"([^"]+)")re");
  std::vector<std::string> found;
  std::ifstream file(path);
  std::smatch match;
  for (std::string line; std::getline(file, line);) {
    if (std::regex_search(line, match, include)) found.push_back(match[1]);
  }
  return found;
}

std::vector<std::string> violations(const fs::path& source, const Layers& layers) {
  std::vector<std::string> found;
  for (const auto& path : sources(source)) {
    const std::string folder = path.begin()->string();
    for (const auto& included : includes(source / path)) {
      const auto used = included.substr(0, included.find('/'));
      const auto layer = layers.find(folder);
      if (used != folder && (layer == layers.end() || !layer->second.contains(used))) {
        found.push_back(path.string() + " includes " + used + "/");
      }
    }
  }
  return found;
}

// The headers on a path of includes from a header back to itself, "" if there is none: `#pragma once` hides
// such a cycle from the compiler.
std::string circle(const fs::path& source) {
  std::map<std::string, std::vector<std::string>> graph;
  for (const auto& path : sources(source)) {
    if (path.extension() == ".hpp") graph[path.string()] = includes(source / path);
  }
  std::set<std::string> done;
  std::vector<std::string> way;
  std::string found;
  const std::function<void(const std::string&)> walk = [&](const std::string& header) {
    if (!found.empty() || done.contains(header)) return;
    for (auto at = way.begin(); at != way.end(); ++at) {
      if (*at != header) continue;
      for (; at != way.end(); ++at) found += *at + " > ";
      found += header;
      return;
    }
    way.push_back(header);
    for (const auto& next : graph[header]) walk(next);
    way.pop_back();
    done.insert(header);
  };
  std::vector<std::string> headers;
  for (const auto& [header, unused] : graph) headers.push_back(header);
  for (const auto& header : headers) walk(header);
  return found;
}

// The rows "| `src/ssh` | what | may use |" of a document.
Layers folder_table(const fs::path& document) {
  static const std::regex row(R"re(^\| `src/([a-z]+)` \|.*\| ([a-z, ]+) \|$)re");
  Layers layers;
  std::ifstream file(document);
  std::smatch match;
  for (std::string line; std::getline(file, line);) {
    if (!std::regex_match(line, match, row)) continue;
    auto& used = layers[match[1]];
    std::stringstream names(match[2]);
    for (std::string name; names >> name;) {
      if (name != "nobody") used.insert(name);
    }
  }
  add_reached(layers);
  return layers;
}

std::string text(const std::set<std::string>& names) {
  std::string all;
  for (const auto& name : names) all += (all.empty() ? "" : " ") + name;
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layers)

BOOST_AUTO_TEST_CASE(no_include_points_up) {
  const Layers declared = parse_layers(LABCTL_LAYERS);
  BOOST_TEST(declared.size() > 1);
  const auto found = violations(fs::path(LABCTL_SOURCE_DIR) / "src", declared);
  for (const auto& violation : found) BOOST_ERROR(violation);
}

BOOST_AUTO_TEST_CASE(an_include_that_points_up_is_found) {
  const labctl::test::TempDir temp;
  fs::create_directories(temp / "base");
  fs::create_directories(temp / "ssh");
  std::ofstream(temp / "base/wrong.hpp") << "#include \"ssh/session.hpp\"\n";
  std::ofstream(temp / "ssh/right.hpp") << "#include \"base/error.hpp\"\n#include <vector>\n";
  BOOST_TEST(violations(temp.path(), parse_layers("base=|ssh=base")) ==
                 std::vector<std::string>{"base/wrong.hpp includes ssh/"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(no_header_includes_itself_through_others) {
  BOOST_TEST(circle(fs::path(LABCTL_SOURCE_DIR) / "src") == "");
}

BOOST_AUTO_TEST_CASE(a_circle_of_headers_is_found) {
  const labctl::test::TempDir temp;
  fs::create_directories(temp / "base");
  std::ofstream(temp / "base/a.hpp") << "#include \"base/b.hpp\"\n";
  std::ofstream(temp / "base/b.hpp") << "#include \"base/c.hpp\"\n";
  std::ofstream(temp / "base/c.hpp") << "#include \"base/b.hpp\"\n";
  BOOST_TEST(circle(temp.path()) == "base/b.hpp > base/c.hpp > base/b.hpp");
}

BOOST_AUTO_TEST_CASE(the_table_of_folders_says_what_may_be_used) {
  const Layers declared = parse_layers(LABCTL_LAYERS);
  const Layers written = folder_table(fs::path(LABCTL_SOURCE_DIR) / "ARCHITECTURE.md");
  for (const auto& [folder, used] : declared) {
    const auto row = written.find(folder);
    BOOST_TEST_CONTEXT("src/" << folder) {
      BOOST_REQUIRE(row != written.end());
      BOOST_TEST(text(row->second) == text(used));
    }
  }
  for (const auto& [folder, used] : written) {
    BOOST_TEST(declared.contains(folder), "ARCHITECTURE.md has src/" << folder << ", which is no module");
  }
}

BOOST_AUTO_TEST_SUITE_END()
