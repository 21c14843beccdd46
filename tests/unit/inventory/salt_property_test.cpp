// Any line of text, inserted anywhere into salt's output, changes no node: either the nodes are the same, or
// there is an error. A line that states an address or another interface's name in the grammar of the form is
// not "text": it cannot be distinguished from output.
#include "base/text.hpp"
#include "salt_outputs.hpp"

#include <random>

namespace labctl::inventory {
namespace {

// A sanitizer is for other errors and is ten times slower: all rounds would take half of the time limit.
#ifdef __SANITIZE_ADDRESS__
constexpr int rounds = 300;
#else
constexpr int rounds = 1500;
#endif

class Lines {
public:
  explicit Lines(unsigned seed) : random_(seed) {}

  std::size_t pick(std::size_t bound) { return random_() % bound; }

  // A line of text; sometimes a line of `text` itself that contains no address.
  std::string line(const std::vector<std::string>& text) {
    switch (pick(6)) {
      case 0: {
        const auto& own = text[pick(text.size())];
        return own.find("192.168.") == std::string::npos && own.find("127.0.") == std::string::npos ? own
                                                                                                    : "";
      }
      case 1:
        return noise();
      default:
        return std::string(pick(3) == 0 ? pick(13) : 2 * pick(6), ' ') + words();
    }
  }

private:
  std::string word() {
    static const std::vector<std::string> words = {
        "foo",      "core9",   "jid",   "retcode", "local",   "return", "ret", "error", "Summary",
        "None",     "null",    "true",  "False",   "42",      "0",      "-1",  "ü",     "x.py:8",
        "/usr/lib", "warning", "a-b_c", "Minion",  "aaa.lan", "zz",     "~",   "<<",    "up"};
    return words[pick(words.size())];
  }

  std::string words() {
    const auto quote = std::vector<std::string>{"\"", "'", "", "u'"}[pick(4)];
    const auto end = quote == "u'" ? "'" : quote;
    auto one = quote + word() + end;
    switch (pick(16)) {
      case 0:
        return one + ":";
      case 1:
        return one + ": " + quote + word() + end;
      case 2:
        return one + ": " + quote + word() + end + ",";
      case 3:
        return one + ",";
      case 4:
        return one;
      case 5:
        return "- " + one;
      case 6:
        return one + ": [";
      case 7:
        return one + ": {";
      case 8:
        return word() + " " + word() + " " + word();
      case 9:
        return word() + ": " + word() + " " + word();
      case 10:
        return "{" + one + ": " + one + "}";
      case 11:
        return std::vector<std::string>{
            "{", "}", "[", "]", "},", "],", "{}", "[]", ",", ":", "'", "\""}[pick(12)];
      case 12:
        return std::vector<std::string>{
            "----------", "---", "...", "|_",  "# c", "%YAML 1.1", "| foo |", "-",
            "?",          "&a",  "*a",  "!!x", "\t",  "- - a",     "|",       ">"}[pick(16)];
      case 13:
        return one + ": []";
      case 14:
        return "# " + word() + ": " + word();
      default: {
        std::string bytes;
        for (auto left = 1 + pick(20); left > 0; --left) bytes += static_cast<char>(0x20 + pick(0x60));
        // Without dots, random bytes cannot be an address by chance.
        return replace_all(bytes, ".", "");
      }
    }
  }

  std::string noise() {
    static const std::vector<std::string> noise = {
        "[WARNING ] foo",
        "[ERROR   ] bar: baz",
        "jid: 20240105093000123456",
        "retcode: 0",
        "Traceback (most recent call last):",
        "  File \"/x.py\", line 1, in y",
        "KeyError: 'foo'",
        "/usr/lib/x.py:8: DeprecationWarning: 'cgi' is deprecated",
        "  import cgi",
        "Minion foo did not respond. No job will be sent.",
        "Executing run on ['core1']",
        "minion core1 was already deleted from tracker, probably a duplicate key",
        "-------------------------------------------",
        "ERROR: Minions returned with non-zero exit code",
        "# of minions targeted: 4",
        "foo: warning: bar",
        "\x1b[0;31mred\x1b[0;0m",
    };
    return noise[pick(noise.size())];
  }

  std::mt19937 random_;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(salt_property, Places)

BOOST_AUTO_TEST_CASE(any_line_put_anywhere_changes_no_node) {
  auto outputs = salt_outputs("four");
  for (auto& [name, text] : salt_outputs("three")) outputs["three/" + name] = text;
  unsigned seed = 20261125;
  std::size_t same = 0;
  std::size_t refused = 0;
  for (const auto& [name, text] : outputs) {
    Lines generator(seed++);
    const auto expected = nodes_of(text);
    const auto all = lines(text);
    for (int round = 0; round < rounds; ++round) {
      auto changed = all;
      const auto at = generator.pick(all.size() + 1);
      const auto line = generator.line(all);
      changed.insert(changed.begin() + static_cast<long>(at), line);
      NodeSet seen;
      try {
        seen = nodes_of(join(changed, "\n") + "\n");
      } catch (const Error& error) {
        BOOST_REQUIRE(error.kind() == Kind::invalid);
        ++refused;
        continue;
      }
      ++same;
      if (seen != expected)
        BOOST_ERROR(name + " with another line " + std::to_string(at + 1) + ": \"" + line + "\"");
    }
  }
  // Both results must occur: not every line may be refused, and not every line may be ignored.
  const auto rare = outputs.size() * rounds / 15;
  BOOST_CHECK_GT(same, rare);
  BOOST_CHECK_GT(refused, rare);
  BOOST_TEST_MESSAGE(same << " the same, " << refused << " refused, rare is " << rare);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::inventory
