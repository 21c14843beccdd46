#include "inventory/names.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace labctl::inventory {
namespace {

bool alphanumeric(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

}  // namespace

bool valid_name(const std::string& name, std::size_t longest) {
  const auto good = [](char c) { return alphanumeric(c) || c == '-' || c == '_' || c == '.'; };
  return !name.empty() && name.size() <= longest && alphanumeric(name.front()) &&
         std::all_of(name.begin(), name.end(), good);
}

std::string name_rule(std::size_t longest) {
  return fmt::format(
      "a name has letters, digits, '-', '_' and '.', begins with a letter or digit and has at most {} "
      "characters",
      longest);
}

std::string name_of_file(const std::filesystem::path& file) {
  std::error_code code;
  const auto path = std::filesystem::weakly_canonical(std::filesystem::absolute(file), code);
  auto words = path.stem().string();
  if (words == "inventory") words = path.parent_path().filename().string();
  std::replace_if(
      words.begin(), words.end(), [](char c) { return !alphanumeric(c) && c != '.' && c != '_'; }, '-');
  words = words.substr(0, longest_name_of_file - std::string("-123456").size());
  if (!valid_name(words)) words = "inventory";
  return fmt::format("{}-{:06x}", words, digest(path.string()) & 0xffffff);
}

std::string variable_part(std::string name) {
  for (auto& c : name)
    c = alphanumeric(c) ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : '_';
  return name;
}

}  // namespace labctl::inventory
