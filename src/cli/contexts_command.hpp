#pragma once

namespace CLI {
class App;
}

namespace labctl::cli {

struct Context;

// contexts [--apply or --remove].
//
// The contexts are written by the docker program (`docker context create`, `update`, `rm`), not into its
// folder: the folder's format is docker's own, and without the program nobody needs a context. DOCKER_CONFIG
// is respected that way too. DOCKER_HOST and DOCKER_CONTEXT are removed from the program's environment: they
// hide which context is the current one, and docker would leave config.json with the name of a removed one.
//
// A removed context that was the current one leaves docker with its default engine; labctl says so.
void add_contexts_command(CLI::App& app, Context& context);

}  // namespace labctl::cli
