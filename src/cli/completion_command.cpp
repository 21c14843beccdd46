#include "cli/completion_command.hpp"

#include "cli/command.hpp"
#include "cli/completion.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <memory>

namespace labctl::cli {

void add_completion_command(CLI::App& app, Context& context) {
  auto shell = std::make_shared<std::string>();
  auto* command = app.add_subcommand("completion",
                                     "completes labctl's words in a shell: source <(labctl completion bash)");
  command->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  on_chosen(*command, context, [shell, &app](const Context&) {
    fmt::print("{}", completion(app, *shell));
    return ExitCode::ok;
  });
}

}  // namespace labctl::cli
