#include "reference.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "help_words.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string_view>
#include <vector>

namespace labctl::packaging {
namespace {

using Schema = nlohmann::ordered_json;

constexpr const char* made = "<!-- Made by `cmake --build --preset release --target reference`. -->\n";

// For a cell of a table.
std::string cell(const std::string& text) { return replace_all(replace_all(text, "|", "\\|"), "\n", " "); }

std::string code(const std::string& text) { return text.empty() ? "" : "`" + cell(text) + "`"; }

void add_commands(const CLI::App& command, const std::string& path, std::string& text) {
  for (const auto* one : visible_commands(command)) {
    const auto name = path + " " + one->get_name();
    // A command with subcommands is a title for them, with its own options if it has any.
    text +=
        fmt::format("\n## {}\n\n{}.\n\n    {}\n", name, one->get_description(), HelpWords::usage(*one, name));
    std::string rows;
    for (const auto* option : visible_options(*one)) {
      if (option == one->get_help_ptr()) continue;
      rows += fmt::format("| {} | {} |\n", code(HelpWords().name_of(*option)),
                          cell(HelpWords().description_of(*option)));
    }
    if (!rows.empty()) text += "\n| option | meaning |\n| --- | --- |\n" + rows;
    add_commands(*one, name, text);
  }
}

// The rows of a table of keys: those of an object, and of the objects in it.
class Keys {
public:
  explicit Keys(const Schema& schema) : schema_(schema) { add(schema, ""); }

  std::string rows() const { return rows_; }

  // The kind that a value is of: "name", "endpoint, endpoint, ..." or a type of JSON.
  std::string kind_of(const Schema& value) const {
    if (value.contains("const")) return value["const"].dump();
    if (value.contains("$ref")) {
      constexpr std::string_view prefix = "#/$defs/";
      const auto target = value["$ref"].get<std::string>();
      if (!target.starts_with(prefix) || !schema_["$defs"].contains(target.substr(prefix.size())))
        throw Error(Kind::invalid, "the schema refers to " + target);
      return target.substr(prefix.size());
    }
    if (value.contains("oneOf") && !value.contains("type")) {
      std::vector<std::string> kinds;
      for (const auto& one : value["oneOf"]) kinds.push_back(kind_of(one));
      return join(kinds, " or ");
    }
    // [TYPE, "null"]: the key may be empty.
    const auto& type = value.at("type");
    const auto name = type.is_array() ? type.at(0).get<std::string>() : type.get<std::string>();
    if (name == "array") return "list of " + kind_of(value.at("items"));
    return name == "object" ? "mapping" : name;
  }

private:
  void add(const Schema& object, const std::string& path) {
    std::vector<std::string> required;
    if (object.contains("required")) required = object["required"].get<std::vector<std::string>>();
    if (object.contains("properties")) {
      for (const auto& [key, value] : object["properties"].items()) {
        const bool needed = std::find(required.begin(), required.end(), key) != required.end();
        add_key(path + key, value, needed);
      }
    }
    if (object.contains("additionalProperties") && object["additionalProperties"].is_object())
      add_key(path + "NAME", object["additionalProperties"], false);
  }

  void add_key(const std::string& path, const Schema& value, bool required) {
    if (!value.contains("description"))
      throw Error(Kind::invalid, "the schema does not describe this key", path);
    std::string standard = required ? "required" : "";
    if (value.contains("default"))
      standard =
          code(value["default"].is_string() ? value["default"].get<std::string>() : value["default"].dump());
    rows_ += fmt::format("| {} | {} | {} | {} |\n", code(path), cell(kind_of(value)), standard,
                         cell(value["description"].get<std::string>()));
    if (value.contains("properties") || value.contains("additionalProperties")) add(value, path + ".");
    if (value.contains("items") && value["items"].contains("properties")) add(value["items"], path + "[].");
  }

  const Schema& schema_;
  std::string rows_;
};

}  // namespace

std::string commands_page(const CLI::App& program) {
  const auto name = program.get_name();
  std::string text = fmt::format(
      "# Commands\n\n{}\nEvery command of {}, in the words of its `--help`. The manual pages (`man "
      "labctl-tunnels`) "
      "have\nthe same text. These options come before the command, as in `labctl --json tunnels status`:\n\n"
      "| option | meaning |\n| --- | --- |\n",
      made, name);
  for (const auto* option : visible_options(program))
    text += fmt::format("| {} | {} |\n", code(HelpWords().name_of(*option)),
                        cell(HelpWords().description_of(*option)));
  add_commands(program, name, text);
  return text;
}

std::string inventory_page(const std::string& schema) {
  const auto json = Schema::parse(schema);
  const Keys keys(json);
  std::string text = fmt::format(
      "# The inventory\n\n{}\nEvery key of the inventory file, from its JSON schema (`labctl inventory "
      "schema`). NAME "
      "stands for a name of\nyour choice, `[]` for each entry of a list. Keys that begin with `x-` are left "
      "out: for "
      "anchors and for your\nown use. `labctl inventory check` validates a file, `labctl inventory show` "
      "prints the "
      "effective values.\n[inventory/example.yaml](../inventory/example.yaml) has all of it in one file.\n\n"
      "| key | value | default | meaning |\n| --- | --- | --- | --- |\n{}\n## Kinds of values\n\n| kind | "
      "form |\n"
      "| --- | --- |\n",
      made, keys.rows());
  for (const auto& [name, kind] : json.at("$defs").items()) {
    std::string form = keys.kind_of(kind);
    if (kind.contains("pattern")) form += ", " + code(kind["pattern"].get<std::string>());
    if (kind.contains("minimum"))
      form += fmt::format(" from {} to {}", kind["minimum"].get<int>(), kind.at("maximum").get<int>());
    if (kind.contains("description")) form += ": " + kind["description"].get<std::string>();
    text += fmt::format("| {} | {} |\n", name, cell(form));
  }
  return text;
}

}  // namespace labctl::packaging
