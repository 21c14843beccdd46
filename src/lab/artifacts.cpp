#include "lab/artifacts.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "lab/prepare.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace labctl::lab {
namespace {

namespace fs = std::filesystem;

// The folder that a link in the cache points to now: another process may change the link later.
fs::path current(const fs::path& link, const std::string& what, const std::set<std::string>& oses) {
  std::error_code missing;
  const fs::path folder = fs::canonical(link, missing);
  if (missing || !fs::is_directory(folder))
    throw Error(Kind::lab, fmt::format("no {} in the cache", what), link, "run " + setup_command(oses));
  return folder;
}

std::vector<std::string> names_in(const fs::path& index, const std::set<std::string>& oses) {
  const std::string remedy = "run " + setup_command(oses) + " again";
  const auto json = nlohmann::json::parse(read_file(index), nullptr, false);
  std::vector<std::string> names;
  for (const auto& manifest :
       json.is_object() ? json.value("manifests", nlohmann::json::array()) : nlohmann::json::array()) {
    const auto notes = manifest.value("annotations", nlohmann::json::object());
    names.push_back(notes.value("org.opencontainers.image.ref.name", ""));
    if (names.back().empty()) throw Error(Kind::lab, "an image without a name", index, remedy);
  }
  if (names.empty()) throw Error(Kind::lab, "no images", index, remedy);
  return names;
}

}  // namespace

fs::path Artifacts::root(const std::string& os) const {
  return current(cache_dir() / "roots" / ("node-" + os), "root of a Debian " + os + " node", {os});
}

fs::path Artifacts::golden(const std::string& os) const {
  const fs::path images_key = registry.parent_path().filename();
  return cache_dir() / "docker" /
         fmt::format("{}-{}-{}", root(os).filename().string().substr(5), images_key.string(),
                     plugin.filename().string());
}

Artifacts find_artifacts(const std::set<std::string>& oses) {
  Artifacts found;
  for (const auto& os : oses) found.root(os);
  const fs::path images = current(cache_dir() / "images/current", "images", oses);
  found.registry = images / "registry";
  found.images = names_in(images / "oci/index.json", oses);
  found.plugin = current(cache_dir() / "plugin/current", "volume plugin", oses);
  return found;
}

}  // namespace labctl::lab
