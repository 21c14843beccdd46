#include "operate/placement_rules.hpp"

#include "support/error_of.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using namespace labctl::contract;
using namespace labctl::operate;
using labctl::test::error_of;
using labctl::test::holds;

namespace {

using MaybeNode = std::optional<std::string>;

const std::string url = "https://gitlab.example.com/hosting/foobar";

std::string record_text(const std::string& repo, const std::string& branch, const std::string& master,
                        const MaybeNode& slave = {}) {
  Record record;
  record.repo_url = repo;
  record.branch = branch;
  record.at.master = master;
  record.at.slave = slave;
  return to_text(record);
}

AppEntry entry(const std::string& repo, const std::string& branch, const std::string& master = "core1",
               const MaybeNode& slave = {}) {
  return app_entry("app/" + app_name(repo, branch).app, record_text(repo, branch, master, slave));
}

KnownApp known(const std::string& branch, const std::string& master, const MaybeNode& slave = {}) {
  return {app_name(url, branch), parse_record(record_text(url, branch, master, slave))};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(placement_rules)

BOOST_AUTO_TEST_CASE(what_was_not_typed_comes_from_where_a_known_app_is_now) {
  struct Row {
    const char* what;
    MaybeNode old_slave;  // the old master is core1
    MaybeNode master, slave;
    bool no_slave;
    std::string new_master;
    MaybeNode new_slave;
  };
  const Row rows[] = {
      {"with a slave, nothing typed: they swap", "core2", {}, {}, false, "core2", "core1"},
      {"only a new master: the old one becomes slave", "core2", "core3", {}, false, "core3", "core1"},
      {"only the slave as master: they swap", "core2", "core2", {}, false, "core2", "core1"},
      {"only the same master: the slave stays too", "core2", "core1", {}, false, "core1", "core2"},
      {"only a new slave: the old one becomes master", "core2", {}, "core3", false, "core2", "core3"},
      {"only the master as slave: they swap", "core2", {}, "core1", false, "core2", "core1"},
      {"only the same slave: the master stays too", "core2", {}, "core2", false, "core1", "core2"},
      {"both typed: as typed", "core2", "core3", "core4", false, "core3", "core4"},
      {"both typed, swapped: as typed", "core2", "core2", "core1", false, "core2", "core1"},
      {"no slave any more, master not typed: it stays", "core2", {}, {}, true, "core1", {}},
      {"no slave any more, the slave as master", "core2", "core2", {}, true, "core2", {}},
      {"no slave any more, a new master", "core2", "core3", {}, true, "core3", {}},
      {"without a slave, nothing typed: all stays", {}, {}, {}, false, "core1", {}},
      {"without a slave, a new master: still no slave", {}, "core2", {}, false, "core2", {}},
      {"without a slave, the same master", {}, "core1", {}, false, "core1", {}},
      {"without a slave, one is added", {}, {}, "core2", false, "core1", "core2"},
      {"without a slave, both typed", {}, "core3", "core2", false, "core3", "core2"},
      {"without a slave, told so again", {}, {}, {}, true, "core1", {}},
  };
  for (const auto& row : rows) {
    BOOST_TEST_CONTEXT(row.what) {
      const DeployWish wish{"foobar", "master", row.master, row.slave, row.no_slave, false};
      const auto request = decide_deploy(wish, known("master", "core1", row.old_slave));
      BOOST_TEST(request.at.master == row.new_master);
      BOOST_TEST((request.at.slave == row.new_slave));
      BOOST_TEST(request.app.repo_url == url);
      BOOST_TEST(request.app.branch == "master");
      BOOST_TEST(!request.update);
    }
  }
}

BOOST_AUTO_TEST_CASE(master_and_slave_must_differ) {
  const auto with_slave = known("master", "core1", "core2");
  const auto alone = known("master", "core1");
  const auto refused = [](const MaybeNode& master, const MaybeNode& slave,
                          const std::optional<KnownApp>& app) {
    const auto error = error_of([&] { decide_deploy({url, "master", master, slave, false, false}, app); });
    BOOST_TEST((error.kind() == Kind::usage));
    BOOST_TEST(holds(error, "the same node: core1"), error.line());
  };
  refused("core1", "core1", with_slave);
  refused("core1", "core1", std::nullopt);
  refused({}, "core1", alone);
}

BOOST_AUTO_TEST_CASE(a_new_app_needs_its_full_url_and_a_master) {
  const auto request = decide_deploy({url + ".git", "v2", "core3", {}, false, true}, std::nullopt);
  BOOST_TEST(request.app.app == "foobar_v2.ddb14");
  BOOST_TEST(request.app.repo_url == url);
  BOOST_TEST(request.at.master == "core3");
  BOOST_TEST(!request.at.slave);
  BOOST_TEST(request.update);
  const auto pair = decide_deploy({url, "v2", "core3", "core4", false, false}, std::nullopt);
  BOOST_TEST((pair.at.slave == MaybeNode("core4")));

  const auto short_name = error_of([] {
    decide_deploy({"foobar", "v2", "core3", {}, false, false}, std::nullopt);
  });
  BOOST_TEST(holds(short_name, "full URL"), short_name.line());
  const auto no_master = error_of([] {
    decide_deploy({url, "v2", {}, "core3", false, false}, std::nullopt);
  });
  BOOST_TEST(holds(no_master, "--master"), no_master.line());
  const auto both = error_of([] { decide_deploy({url, "v2", "core1", "core3", true, false}, std::nullopt); });
  BOOST_TEST(holds(both, "exclude"), both.line());
  const auto bad_branch = error_of([] {
    decide_deploy({url, "a/../b", "core1", {}, false, false}, std::nullopt);
  });
  BOOST_TEST((bad_branch.kind() == Kind::invalid));
  const auto not_text = error_of([] {
    decide_deploy({url, "a\xff", "core1", {}, false, false}, std::nullopt);
  });
  BOOST_TEST(holds(not_text, "UTF-8"), not_text.line());
}

BOOST_AUTO_TEST_CASE(what_git_can_clone_is_a_full_url) {
  for (const char* full :
       {"https://h/a/b", "ssh://git@h:22/a", "git@h:a/b", "h:b", "/srv/a.git", " file:///a "})
    BOOST_TEST(is_full_url(full), full);
  for (const char* name : {"foobar", "hosting/foobar", "foobar.git", "", "a/b:c"})
    BOOST_TEST(!is_full_url(name), name);
}

BOOST_AUTO_TEST_CASE(an_app_is_found_by_short_name_and_by_url) {
  const std::vector<AppEntry> entries{entry(url, "master"), entry(url, "v1.2"),
                                      entry("https://gitlab.example.com/hosting/foobar_x", "y")};
  const auto app_of = [&](const char* repo, const char* branch) {
    const auto found = find_app(entries, repo, branch);
    return found ? found->name.app : "none";
  };
  BOOST_TEST(app_of("foobar", "master") == "foobar_master.ddb14");
  BOOST_TEST(app_of("FooBar.git", " master ") == "foobar_master.ddb14");
  BOOST_TEST(app_of("hosting/foobar", "master") == "foobar_master.ddb14");
  BOOST_TEST(app_of("https://GitLab.example.com/hosting/foobar.git", "master") == "foobar_master.ddb14");
  BOOST_TEST(app_of("ssh://git@gitlab.example.com/hosting/foobar", "master") == "foobar_master.ddb14");
  // A URL of another repository is another app, although its last segment is the same.
  BOOST_TEST(app_of("https://gitlab.example.com/fork/foobar", "master") == "none");
  // "foobar_v1." begins "foobar_v1.2.ddb14" too; "foobar_x_y" could be a branch "x_y" of foobar.
  BOOST_TEST(app_of("foobar", "v1") == "none");
  BOOST_TEST(app_of("foobar", "x_y") == "none");
  BOOST_TEST(app_of("foobar_x", "y") != "none");
  BOOST_TEST(app_of("foo", "master") == "none");

  const auto missing = error_of([&] { existing_app(entries, "fobar", "master"); });
  BOOST_TEST((missing.kind() == Kind::not_found));
  BOOST_TEST(holds(missing, "did you mean foobar_master.ddb14?"), missing.line());
  BOOST_TEST(holds(error_of([&] { find_app(entries, "foobar", " "); }), "branch is empty"));
}

BOOST_AUTO_TEST_CASE(several_apps_of_one_short_name_are_an_error_that_names_them) {
  const std::vector<AppEntry> entries{entry(url, "master"),
                                      entry("https://gitlab.example.com/fork/foobar", "master")};
  const auto error = error_of([&] { find_app(entries, "foobar", "master"); });
  BOOST_TEST((error.kind() == Kind::usage));
  for (const auto& one : entries) BOOST_TEST(holds(error, one.app), error.line());
  BOOST_TEST(holds(error, "full URL"), error.line());
  const auto found = find_app(entries, url, "master");
  BOOST_REQUIRE(found);
  BOOST_TEST(found->name.app == "foobar_master.ddb14");
}

BOOST_AUTO_TEST_CASE(an_entry_that_does_not_read_is_told_and_not_taken_for_no_app) {
  const std::vector<AppEntry> entries{
      app_entry("app/foobar_master.ddb14", "not json"),
      app_entry("app/other_master.00000", record_text(url, "master", "core1"))};
  BOOST_TEST(entries[0].malformed == "not JSON");
  const auto error = error_of([&] { find_app(entries, "foobar", "master"); });
  BOOST_TEST((error.kind() == Kind::invalid));
  BOOST_TEST(holds(error, "app/foobar_master.ddb14"), error.line());
  const auto other = error_of([&] { find_app(entries, "other", "master"); });
  BOOST_TEST(holds(other, "name another app"), other.line());
}

BOOST_AUTO_TEST_CASE(a_word_names_an_entry) {
  const std::vector<AppEntry> entries{entry(url, "master"), entry(url, "v1"),
                                      entry("https://gitlab.example.com/fork/foobar", "v1")};
  for (const char* word : {"foobar_master.ddb14", "app/foobar_master.ddb14", "foobar_master"})
    BOOST_TEST(named_entry(entries, word).app == "foobar_master.ddb14", word);
  BOOST_TEST(holds(error_of([&] { named_entry(entries, "foobar_v1"); }), "stands for 2 apps"));
  BOOST_TEST(holds(error_of([&] { named_entry(entries, "foobar_mastr.ddb14"); }),
                   "did you mean \"foobar_master.ddb14\"?"));
  BOOST_TEST(holds(error_of([&] { named_entry(entries, "coer1", {"core1"}); }), "did you mean \"core1\"?"));
}

BOOST_AUTO_TEST_CASE(nodes_must_stand_in_the_catalog) {
  const std::vector<std::string> catalog{"core1", "core2"};
  DeployRequest request;
  request.at.master = "core1";
  check_known_nodes(request, catalog);
  request.at.slave = "cor2";
  const auto error = error_of([&] { check_known_nodes(request, catalog); });
  BOOST_TEST((error.kind() == Kind::not_found));
  BOOST_TEST(holds(error, "did you mean \"core2\"?"), error.line());
  request = {};
  request.at.master = "elsewhere";
  BOOST_TEST(holds(error_of([&] { check_known_nodes(request, catalog); }), "core1, core2"));
}

BOOST_AUTO_TEST_CASE(nothing_migrates_to_production_or_to_itself) {
  const auto source = known("master", "core1");
  const auto request = decide_migrate(source, known("qualif", "core2"), false);
  BOOST_TEST(request.source.branch == "master");
  BOOST_TEST(request.target.branch == "qualif");
  BOOST_TEST(!request.update);
  for (const char* branch : {"prod", "production", "Prod", "PRODUCTION"}) {
    const auto error = error_of([&] { decide_migrate(source, known(branch, "core2"), true); });
    BOOST_TEST(holds(error, "nothing is migrated to branch"), error.line());
  }
  decide_migrate(source, known("prod2", "core2"), true);
  decide_migrate(known("prod", "core1"), known("qualif", "core2"), true);
  BOOST_TEST(holds(error_of([&] { decide_migrate(source, source, true); }), "the same app"));
}

BOOST_AUTO_TEST_CASE(masters_leave_a_node_for_their_slaves_or_the_node_named) {
  const std::vector<AppEntry> entries{entry(url, "a", "core1", "core2"), entry(url, "b", "core2", "core1"),
                                      entry(url, "c", "core1"), app_entry("app/broken", "{")};
  const auto moves = decide_moves(entries, "core1", "core4");
  BOOST_REQUIRE(moves.size() == 2);
  BOOST_TEST(moves[0].app.branch == "a");
  BOOST_TEST(moves[0].at.master == "core2");
  BOOST_TEST((moves[0].at.slave == MaybeNode("core1")));
  BOOST_TEST(!moves[0].update);
  BOOST_TEST(moves[1].app.branch == "c");
  BOOST_TEST(moves[1].at.master == "core4");
  BOOST_TEST(!moves[1].at.slave);
  BOOST_TEST(decide_moves(entries, "core3", {}).empty());
  const auto stuck = error_of([&] { decide_moves(entries, "core1", {}); });
  BOOST_TEST(holds(stuck, "foobar_c.ddb14"), stuck.line());
  BOOST_TEST(holds(stuck, "--master"), stuck.line());
  BOOST_TEST(holds(error_of([&] { decide_moves(entries, "core1", "core1"); }), "names it again"));
}

BOOST_AUTO_TEST_CASE(a_payload_over_the_limit_is_refused_with_what_makes_it_long) {
  DeployRequest request;
  request.at.master = "core1";
  request.app = app_name(url, "b");
  const auto frame = to_payload(request).size() - 1;
  request.app = app_name(url, std::string(404 - frame, 'b'));
  BOOST_REQUIRE(to_payload(request).size() == 404);
  check_size(request);
  request.app = app_name(url, std::string(405 - frame, 'b'));
  const auto error = error_of([&] { check_size(request); });
  BOOST_TEST((error.kind() == Kind::invalid));
  BOOST_TEST(holds(error, "payload of event deploy has 405 bytes, Consul takes 404"), error.line());
  BOOST_TEST(holds(error, "; the repository URL has 41, the branch has "), error.line());
  BOOST_TEST(holds(error, "the branch has " + std::to_string(405 - frame)), error.line());

  const auto longer = app_name(url, std::string(400, 'b'));
  BOOST_TEST(holds(error_of([&] { check_size(DestroyRequest{longer}); }), "Consul takes 402"));
  BOOST_TEST(holds(error_of([&] {
                     check_size(MigrateRequest{app_name(url, "a"), longer, true});
                   }),
                   "the target's branch has 400"));
}

BOOST_AUTO_TEST_SUITE_END()
