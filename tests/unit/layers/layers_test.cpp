// Holds every include of src/ against the relation that the CMake files declare.
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;
using Layers = std::map<std::string, std::set<std::string>>;

namespace {

// "base=|ssh=base|tunnels=inventory,ssh" with the folders reached through others added.
Layers parse_layers(const std::string& text) {
  Layers layers;
  std::stringstream entries(text);
  for (std::string entry; std::getline(entries, entry, '|');) {
    const auto equals = entry.find('=');
    auto& reached = layers[entry.substr(0, equals)];
    std::stringstream names(entry.substr(equals + 1));
    for (std::string name; std::getline(names, name, ',');) {
      reached.insert(name);
      reached.insert(layers[name].begin(), layers[name].end());
    }
  }
  return layers;
}

std::vector<std::string> violations(const fs::path& source, const Layers& layers) {
  static const std::regex include(R"re(^\s*#\s*include\s+"([^"/]+)/[^"]*")re");
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(source)) {
    const auto extension = entry.path().extension();
    if (extension != ".cpp" && extension != ".hpp") continue;
    const std::string folder = fs::relative(entry.path(), source).begin()->string();
    std::ifstream file(entry.path());
    std::smatch match;
    for (std::string line; std::getline(file, line);) {
      if (!std::regex_search(line, match, include)) continue;
      const std::string used = match[1];
      const auto layer = layers.find(folder);
      if (used != folder && (layer == layers.end() || !layer->second.contains(used))) {
        found.push_back(fs::relative(entry.path(), source).string() + " includes " + used + "/");
      }
    }
  }
  return found;
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

BOOST_AUTO_TEST_SUITE_END()
