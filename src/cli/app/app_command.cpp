#include "cli/app/app_command.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/app/app_operator.hpp"
#include "cli/app/app_view.hpp"
#include "cli/command.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace labctl::cli {
namespace {

using Json = nlohmann::ordered_json;

struct AppOptions {
  std::string node;
  std::string word;
  operate::DeployWish wish;  // in a migration, its repo and branch are those of the source
  std::string target_repo;
  std::string target_branch;
  bool no_update = false;
  std::optional<std::string> master;
  VerbOptions verb;
};

void print_json(const Json& json) {
  fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
}

ExitCode list(const AppOptions& options, const Context& context) {
  Operator work(context);
  if (!options.node.empty()) operate::check_known_node(options.node, work.catalog());
  auto entries = work.entries();
  std::erase_if(entries, [&](const auto& entry) {
    return !options.node.empty() && entry.record && !entry.record->at.has(options.node);
  });
  const auto states = operate::app_states(work.cluster(), std::move(entries));
  if (context.json) {
    Json all = Json::array();
    for (const auto& state : states) all.push_back(to_json(state));
    print_json(all);
  } else if (states.empty()) {
    say(context, options.node.empty() ? "no app is deployed" : "no app is on " + options.node);
  } else {
    fmt::print("{}", app_table(states));
  }
  work.close();
  return ExitCode::ok;
}

// The keys of the apps mastered on a node, sorted.
void print_mastered(const std::vector<operate::AppEntry>& entries, const std::string& node,
                    const Context& context) {
  Json keys = Json::array();
  for (const auto& entry : entries) {
    if (!entry.record) {
      say(context, fmt::format("app/{} is not an app record: {}", one_line(entry.app), entry.malformed));
    } else if (entry.record->at.master == node) {
      keys.push_back(contract::app_key(entry.app));
    }
  }
  if (context.json) {
    print_json(keys);
  } else {
    for (const auto& key : keys) fmt::print("{}\n", key.get<std::string>());
  }
}

ExitCode inspect(const AppOptions& options, const Context& context) {
  Operator work(context);
  const auto& nodes = work.catalog();
  if (std::find(nodes.begin(), nodes.end(), options.word) != nodes.end()) {
    print_mastered(work.entries(), options.word, context);
    work.close();
    return ExitCode::ok;
  }
  const auto& entry = operate::named_entry(work.entries(), options.word, nodes);
  const auto state = operate::app_state(work.cluster(), entry);
  std::vector<NodeView> views;
  std::vector<std::string> warnings;
  if (entry.record) {
    const auto name = contract::app_name(entry.record->repo_url, entry.record->branch);
    if (name.app == entry.app) {
      observe::Observation seen(work.cluster(), name);
      views = node_views(work.cluster(), seen);
      warnings = file_warnings(work.cluster(), *entry.record, name);
    } else {
      say(context, "warning: its repository and branch name another app; the nodes are not examined");
    }
  }
  if (context.json) {
    print_json(to_json(state, warnings, views));
  } else {
    fmt::print("{}", app_page(state, warnings, views));
  }
  work.close();
  const bool all_seen =
      std::all_of(views.begin(), views.end(), [](const auto& view) { return view.errors.empty(); });
  return all_seen ? ExitCode::ok : ExitCode::unable;
}

std::string change(const std::string& before, const std::string& after) {
  return before == after ? after + " as before" : fmt::format("{} -> {}", before, after);
}

std::string deploy_question(const contract::DeployRequest& request,
                            const std::optional<operate::KnownApp>& known) {
  const auto slave = request.at.slave.value_or("none");
  auto text = fmt::format("deploy {}{}\n  of     {}, branch {}\n", known ? "" : "the new app ",
                          request.app.app, request.app.repo_url, request.app.branch);
  text += fmt::format("  master {}\n",
                      known ? change(known->record.at.master, request.at.master) : request.at.master);
  text += fmt::format("  slave  {}", known ? change(known->record.at.slave.value_or("none"), slave) : slave);
  if (request.update) text += "\n  its update.sh is run before it starts";
  return text;
}

ExitCode deploy(const AppOptions& options, const Context& context) {
  Operator work(context, options.verb);
  const auto known = operate::find_app(work.entries(), options.wish.repo, options.wish.branch);
  const auto request = operate::decide_deploy(options.wish, known);
  operate::check_known_nodes(request, work.catalog());
  operate::check_size(request);
  work.confirm(deploy_question(request, known));
  return work.finish({work.deploy(request)}, false);
}

ExitCode destroy(const AppOptions& options, const Context& context) {
  Operator work(context, options.verb);
  const auto app = operate::existing_app(work.entries(), options.wish.repo, options.wish.branch);
  operate::check_size(contract::DestroyRequest{app.name});
  work.confirm(fmt::format(
      "destroy {} on {}: its containers, volumes and clones; snapshots stay\n  of     {}, branch {}",
      app.name.app, app.record.at.master, app.name.repo_url, app.name.branch));
  return work.finish({work.destroy(app)}, false);
}

ExitCode migrate(const AppOptions& options, const Context& context) {
  operate::check_target_branch(options.target_branch);
  Operator work(context, options.verb);
  const auto source = operate::existing_app(work.entries(), options.wish.repo, options.wish.branch);
  const auto& target_repo = options.target_repo.empty() ? options.wish.repo : options.target_repo;
  const auto target = operate::existing_app(work.entries(), target_repo, options.target_branch);
  const auto request = operate::decide_migrate(source, target, !options.no_update);
  operate::check_size(request);
  work.confirm(fmt::format(
      "migrate: the data of {} on {} is replaced\n  by that of {} on {}\n  its post_migrate.sh is run{}",
      target.name.app, target.record.at.master, source.name.app, source.record.at.master,
      request.update ? ", then its update.sh" : ""));
  return work.finish({work.migrate(request)}, false);
}

ExitCode move_masters(const AppOptions& options, const Context& context) {
  Operator work(context, options.verb);
  operate::check_known_node(options.node, work.catalog());
  if (options.master) operate::check_known_node(*options.master, work.catalog());
  for (const auto& entry : work.entries()) {
    if (!entry.record) {
      say(context, fmt::format("warning: app/{} is not an app record ({}), it is not changed",
                               one_line(entry.app), entry.malformed));
    }
  }
  const auto moves = operate::decide_moves(work.entries(), options.node, options.master);
  std::string question = fmt::format("move {} from {}", plural(moves.size(), "master"), options.node);
  for (const auto& move : moves) {
    operate::check_known_nodes(move, work.catalog());
    operate::check_size(move);
    question += fmt::format("\n  {} to {}", move.app.app, placement_text(move.at));
  }
  if (moves.empty()) {
    say(context, "no app has its master on " + options.node);
    return work.finish({}, true);
  }
  work.confirm(question);
  std::vector<EventOutcome> outcomes;
  for (const auto& move : moves) {
    outcomes.push_back(work.deploy(move));
    if (!outcomes.back().failed()) continue;
    // The cause of one failed move may break all others too, so the other apps are not moved.
    for (auto i = outcomes.size(); i < moves.size(); ++i) say(context, "not moved: " + moves[i].app.app);
    break;
  }
  return work.finish(outcomes, true);
}

using Act = ExitCode (*)(const AppOptions&, const Context&);

void add_verb_options(CLI::App& command, VerbOptions& options) {
  command.add_flag("-y,--yes", options.yes, "answer the question with yes");
  auto* no_wait = command.add_flag("-d,--no-wait", options.no_wait, "return when the event is fired");
  command
      .add_flag_callback(
          "--wait", [&options] { options.no_wait = false; },
          "wait until every node has finished the event (default)")
      ->excludes(no_wait);
  command.add_option("-t,--timeout", options.timeout, "seconds to wait for one app")
      ->type_name("S")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
}

void add_repo_and_branch(CLI::App& command, operate::DeployWish& wish) {
  command.add_option("repo", wish.repo, "URL, or the short name of a deployed app's repository")
      ->type_name("REPO")
      ->required();
  command.add_option("branch", wish.branch, "branch or tag")->type_name("BRANCH")->required();
}

}  // namespace

void add_app_command(CLI::App& app, Context& context) {
  auto* family =
      app.add_subcommand("app", "the cluster's apps: what is deployed, and moving it")->require_subcommand(1);
  const auto options = std::make_shared<AppOptions>();
  auto add = [&](const char* name, const char* about, Act act) {
    auto* command = family->add_subcommand(name, about);
    on_chosen(*command, context, [options, act](const Context& chosen) { return act(*options, chosen); });
    return command;
  };

  add("list", "every app with its place, domains, maintenance and health", list)
      ->add_option("--node", options->node, "only apps with master or slave there")
      ->type_name("NODE");
  add("inspect", "all of an app: record, checks, and what each node has of it; or a node's masters", inspect)
      ->add_option("app", options->word, "an app as list shows it, or a node")
      ->type_name("APP|NODE")
      ->required();

  auto* deploy_command =
      add("deploy", "deploys an app; one that is deployed already moves to its slave by default", deploy);
  add_repo_and_branch(*deploy_command, options->wish);
  deploy_command->add_option("--master", options->wish.master, "node to run on")->type_name("NODE");
  auto* slave = deploy_command->add_option("--slave", options->wish.slave, "node that gets its data")
                    ->type_name("NODE");
  deploy_command->add_flag("--no-slave", options->wish.no_slave, "no slave any more")->excludes(slave);
  deploy_command->add_flag("-u,--update", options->wish.update, "run its update.sh first");
  add_verb_options(*deploy_command, options->verb);

  auto* destroy_command = add("destroy", "removes an app; its snapshots stay", destroy);
  add_repo_and_branch(*destroy_command, options->wish);
  add_verb_options(*destroy_command, options->verb);

  auto* migrate_command = add(
      "migrate", "copies the data of one app into another, such as production into qualification", migrate);
  migrate_command
      ->add_option("source-repo", options->wish.repo, "URL or short name of the source's repository")
      ->type_name("SOURCE_REPO")
      ->required();
  migrate_command->add_option("source-branch", options->wish.branch, "whose data it is")
      ->type_name("SOURCE_BRANCH")
      ->required();
  migrate_command->add_option("target-branch", options->target_branch, "whose data is replaced; never prod")
      ->type_name("TARGET_BRANCH")
      ->required();
  migrate_command->add_option("--target-repo", options->target_repo, "of the target, if it is another")
      ->type_name("REPO");
  migrate_command->add_flag("-n,--no-update", options->no_update, "do not run the target's update.sh");
  add_verb_options(*migrate_command, options->verb);

  // The second is the name that other clients of the cluster use.
  for (const char* name : {"move-masters", "move-masters-from"}) {
    auto* command = add(name, "moves every app off a node, one after another", move_masters);
    command->add_option("-m,--master", options->master, "new node for apps without a slave")
        ->type_name("NODE");
    command->add_option("node", options->node, "node to leave")->type_name("NODE")->required();
    add_verb_options(*command, options->verb);
    if (std::string_view(name) == "move-masters-from") command->group("");
  }
}

}  // namespace labctl::cli
