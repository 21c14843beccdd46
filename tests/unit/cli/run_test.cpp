#include "cli/run.hpp"

#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "cli/usage.hpp"

#include <CLI/CLI.hpp>
#include <boost/test/unit_test.hpp>

namespace labctl::cli {
namespace {

Error usage_error_of(const std::string& line) {
  CLI::App app("", "labctl");
  Context context;
  app.require_subcommand(1);
  app.fallthrough();
  add_commands(app, context);
  try {
    app.parse(line);
  } catch (const CLI::ParseError& error) {
    return usage_error(app, error);
  }
  return {Kind::usage, "parsed"};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(command_line)

BOOST_AUTO_TEST_CASE(exit_codes_are_those_that_are_documented) {
  BOOST_CHECK(exit_code(Kind::usage) == ExitCode::unable);
  BOOST_CHECK(exit_code(Kind::invalid) == ExitCode::unable);
  BOOST_CHECK(exit_code(Kind::unreachable) == ExitCode::unable);
  BOOST_CHECK(exit_code(Kind::lab) == ExitCode::lab);
  BOOST_CHECK(exit_code(Kind::interrupted) == ExitCode::interrupted);
  BOOST_CHECK_EQUAL(static_cast<int>(ExitCode::interrupted), 130);
}

BOOST_AUTO_TEST_CASE(a_wrong_word_gets_the_nearest_one_of_its_place) {
  const std::pair<const char*, const char*> cases[] = {
      {"tunels up", "unknown command \"labctl tunels\" (did you mean \"tunnels\"?)"},
      {"lab don", "unknown command \"labctl lab don\" (did you mean \"down\"?)"},
      {"lab up --nam x", "unknown option \"--nam\" of labctl lab up (did you mean \"--name\"?)"},
      {"lab", "labctl lab needs a command (one of "},
      {"ssh-config x", "labctl ssh-config takes no \"x\" (see labctl ssh-config --help)"},
      {"tunnels", "labctl tunnels needs a command (one of up, status, restart, down, trust)"},
      {"tunnels daemn", "unknown command \"labctl tunnels daemn\" (one of up, status, restart, down, trust)"},
      {"app lst", "unknown command \"labctl app lst\" (did you mean \"list\"?)"},
      {"app", "labctl app needs a command (one of list, inspect, deploy, destroy, migrate, move-masters)"},
      {"app deploy foo master --maser core1",
       "unknown option \"--maser\" of labctl app deploy (did you mean \"--master\"?)"},
      {"completion tcsh", "labctl completion: shell: tcsh not in {bash,zsh,fish}"},
      {"qqqqqqqqqqqq", "unknown command \"labctl qqqqqqqqqqqq\" (one of test, report, app, tunnels"},
  };
  for (const auto& [line, expected] : cases) {
    BOOST_TEST_CONTEXT(line) {
      const auto error = usage_error_of(line);
      BOOST_CHECK(error.kind() == Kind::usage);
      BOOST_CHECK_MESSAGE(error.line().starts_with(expected), error.line());
    }
  }
}

BOOST_AUTO_TEST_CASE(completion_knows_every_visible_command) {
  CLI::App app("", "labctl");
  Context context;
  add_commands(app, context);
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    const auto script = completion(app, shell);
    for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; })) {
      BOOST_CHECK(script.find("'labctl " + command->get_name() + "'") != std::string::npos ||
                  script.find("\"labctl " + command->get_name() + "\"") != std::string::npos);
    }
    BOOST_CHECK(script.find("move-masters") != std::string::npos);
    // Hidden: the name that other clients use, and the command that `tunnels up` starts.
    BOOST_CHECK(script.find("move-masters-from") == std::string::npos);
    BOOST_CHECK(script.find("daemon") == std::string::npos);
    BOOST_CHECK(script.find('@') == std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::cli
