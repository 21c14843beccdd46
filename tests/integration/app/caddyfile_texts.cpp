// caddyfile_texts SEED COUNT FOLDER: makes texts for the variable CADDYFILE. For each that an app can be
// deployed with, without a warning, it writes NUMBER.source and NUMBER (what KV would hold) to FOLDER.
#include "base/paths.hpp"
#include "contract/app_settings.hpp"

#include <filesystem>
#include <random>
#include <string>
#include <vector>

namespace {

class Writer {
public:
  explicit Writer(unsigned seed) : random_(seed) {}

  std::string text(int number) {
    std::string made;
    for (int site = 0; site < 2; ++site) {
      made += key("s" + std::to_string(number) + (site == 0 ? "a" : "b") + ".lab") + " {\n";
      // Two of a kind may be refused by Caddy for another reason than what is tested here.
      for (int i = 0; i < 3; ++i) made += "  " + directive(i * 3 + static_cast<int>(random_() % 3)) + "\n";
      made += "}\n";
    }
    return made;
  }

private:
  std::string one_of(const std::vector<std::string>& words) { return words[random_() % words.size()]; }

  std::string key(const std::string& host) {
    return one_of({"http://" + host, "https://" + host + ", http://www." + host, "http://" + host + ":81",
                   "http://" + host + "/path", "http://" + host + ",\nhttp://u." + host,
                   "\"http://" + host + "\"", "http://*." + host, "http://" + host + " http://v." + host});
  }

  // Whatever a person may write as a value.
  std::string word() {
    return one_of({"a",
                   "\"two words\"",
                   "\"\"",
                   "'single q'",
                   "#comment",
                   "x#y",
                   "\"#quoted\"",
                   "{host}",
                   "{%HOME%}",
                   "b\\\"c",
                   "\"q\\\"r\"",
                   "\\",
                   "a,b",
                   "\"{\"",
                   "\"}\"",
                   "a{",
                   "a}",
                   "\"a {\"",
                   "\"multi\nline\"",
                   "é",
                   "\"tail \"",
                   "\" lead\"",
                   "`tick`",
                   "\"a # b\"",
                   "{>X}",
                   "(x)",
                   "\"(x)\"",
                   ";",
                   "$CONTAINER",
                   "\"import\"",
                   "//",
                   "\"a b\\\\\"",
                   "\"a b\\\"",
                   "it's",
                   "\"don't\"",
                   "{",
                   "}",
                   "\"{a} {b}\""});
  }

  std::string directive(int kind) {
    switch (kind) {
      case 0:
        return "header / X-A " + word();
      case 1:
        return "header / {\n    X-B " + word() + "\n    X-C c\n  }";
      case 2:
        return "header / " + word() + " v";
      case 3:
        return "redir /a " + word();
      case 4:
        return "basicauth /x user " + word();
      case 5:
        return "rewrite " + one_of({"^/a", "\"^/a b\"", "^/a{2}", "^/[0-9]{2}$", "/x"}) + " /to";
      case 6:
        return one_of(
            {"gzip # smaller", "gzip {\n   level 5\n  }", "timeouts 3s", "log / stdout \"{a} \\\"b\\\"\""});
      case 7:
        return "proxy / http://$CONTAINER:80";
      default:
        return one_of({"", "# a comment {", "\tgzip", "status 204 \"/a b\"", "log"});
    }
  }

  std::mt19937 random_;
};

}  // namespace

int main(int, char** arguments) {
  const std::filesystem::path folder = arguments[3];
  Writer writer(static_cast<unsigned>(std::stoul(arguments[1])));
  const int count = std::stoi(arguments[2]);
  for (int i = 0; i < count; ++i) {
    labctl::contract::Service service;
    service.name = "web";
    service.caddyfile = writer.text(i);
    labctl::contract::Compose compose;
    compose.services = {service};
    const auto settings = labctl::contract::app_settings(compose, "shop");
    if (!settings.problems.empty() || !settings.warnings.empty()) continue;
    labctl::write_file(folder / std::to_string(i), labctl::contract::render_caddyfile(settings.sites));
    labctl::write_file(folder / (std::to_string(i) + ".source"), service.caddyfile->get<std::string>());
  }
  return 0;
}
