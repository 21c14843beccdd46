#include "contract/names.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::contract;

BOOST_AUTO_TEST_SUITE(names)

struct Row {
  const char *repo, *branch, *path, *md5, *app, *project;
};

// The worked examples of contract 1.
const Row rows[] = {
    {"https://github.com/mlfmonde/cluster_lab_test_service", "master", "/mlfmonde/cluster_lab_test_service",
     "89b0655462b8c091a584218bbdd19755", "cluster_lab_test_service_master.89b06",
     "clusterlabtestservicemaster89b06"},
    {"https://github.com/mlfmonde/cluster_lab_test_service", "without_caddyfile",
     "/mlfmonde/cluster_lab_test_service", "89b0655462b8c091a584218bbdd19755",
     "cluster_lab_test_service_without_caddyfile.89b06", "clusterlabtestservicewithoutcaddyfile89b06"},
    {" https://GitLab.Example.com/Hosting/FooBar.git ", "master", "/hosting/foobar",
     "ddb14d9bf8557e462081eebb4a8137de", "foobar_master.ddb14", "foobarmasterddb14"},
    {" https://GitLab.Example.com/Hosting/FooBar.git ", "Feature/X-1", "/hosting/foobar",
     "ddb14d9bf8557e462081eebb4a8137de", "foobar_Feature/X-1.ddb14", "foobareature1ddb14"},
    {"ssh://git@gitlab.example.com:22/hosting/foobar", "master", "/hosting/foobar",
     "ddb14d9bf8557e462081eebb4a8137de", "foobar_master.ddb14", "foobarmasterddb14"},
    {"git@github.com:mlfmonde/cluster_lab_test_service.git", "master",
     "git@github.com:mlfmonde/cluster_lab_test_service", "634c1beb331648d813495e0b394a8709",
     "cluster_lab_test_service_master.634c1", "clusterlabtestservicemaster634c1"},
    {"https://github.com/mlfmonde/cluster_lab_test_service.git/", "master",
     "/mlfmonde/cluster_lab_test_service.git/", "0e53eb3079b0e658cf050d42170a8430",
     "cluster_lab_test_service.git_master.0e53e", "clusterlabtestservicegitmaster0e53e"},
    {"https://gitlab.example.com/Hosting/FooBar.GIT", "master", "/hosting/foobar.git",
     "34dbf85fb5867c1f8766b306cc80ccdd", "foobar.git_master.34dbf", "foobargitmaster34dbf"},
};

BOOST_AUTO_TEST_CASE(the_worked_examples_of_the_contract_come_out) {
  for (const auto& row : rows) {
    BOOST_TEST_CONTEXT(row.repo << ", " << row.branch) {
      const AppName name = app_name(row.repo, row.branch);
      BOOST_TEST(name.app == row.app);
      BOOST_TEST(name.project == row.project);
      BOOST_TEST(md5_hex(row.path) == row.md5);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_clone_url_keeps_its_case_and_loses_one_suffix) {
  BOOST_TEST(app_name(" https://GitLab.Example.com/Hosting/FooBar.git ", " Master ").repo_url ==
             "https://GitLab.Example.com/Hosting/FooBar");
  BOOST_TEST(app_name("https://x/a.git.git", "m").repo_url == "https://x/a.git");
  BOOST_TEST(app_name("https://x/a", " Master ").branch == "Master");
}

BOOST_AUTO_TEST_CASE(an_empty_branch_leaves_no_underscore) {
  BOOST_TEST(app_name("https://github.com/mlfmonde/cluster_lab_test_service", "").app ==
             "cluster_lab_test_service.89b06");
}

BOOST_AUTO_TEST_CASE(the_last_segment_keeps_query_and_fragment) {
  BOOST_TEST(app_name("https://x/a?b#c", "m").app.starts_with("a?b#c_m."));
  BOOST_TEST(app_name("https://x/a?b#c", "m").app.ends_with(md5_hex("/a").substr(0, 5)));
}

BOOST_AUTO_TEST_CASE(an_authority_is_a_host_and_maybe_a_port) {
  const auto text = [](std::string_view authority) {
    const auto [host, port] = host_and_port(authority);
    return host + " " + port;
  };
  BOOST_TEST(text("service.cluster.lab") == "service.cluster.lab ");
  BOOST_TEST(text("service.cluster.lab:8080") == "service.cluster.lab 8080");
  BOOST_TEST(text("[2001:db8::1]:80") == "2001:db8::1 80");
  BOOST_TEST(text("[::1]") == "::1 ");
  BOOST_TEST(text("[::1") == "[ :1");  // not an address: there is nothing to connect to
}

BOOST_AUTO_TEST_CASE(a_url_path_is_what_a_generic_parse_says) {
  BOOST_TEST(url_path("https://host/a/b;p?q=/x#f") == "/a/b");
  BOOST_TEST(url_path("https://host/a;b/c") == "/a;b/c");
  BOOST_TEST(url_path("https://host/a%20b") == "/a%20b");
  BOOST_TEST(url_path("host:a/b") == "a/b");
  BOOST_TEST(url_path("git@host:a/b") == "git@host:a/b");
  BOOST_TEST(url_path("/plain/path") == "/plain/path");
  BOOST_TEST(url_path("https://host") == "");
  BOOST_TEST(url_path("") == "");
  BOOST_TEST(url_path(":x") == ":x");
}

BOOST_AUTO_TEST_CASE(containers_volumes_and_folders_are_named_after_the_project) {
  const AppName name = app_name(rows[0].repo, "master");
  BOOST_TEST(container_name(name.project, "anyblok") == "clusterlabtestservicemaster89b06_anyblok_1");
  BOOST_TEST(volume_name(name.project, "dbdata") == "clusterlabtestservicemaster89b06_dbdata");
  BOOST_TEST(app_key(name.app) == "app/cluster_lab_test_service_master.89b06");
  BOOST_TEST(clone_name(name.app, "E-1") == "cluster_lab_test_service_master.89b06-E-1");
  BOOST_TEST(legacy_clone_name(name.app, "D") == "cluster_lab_test_service_master.89b06@D");
}

BOOST_AUTO_TEST_SUITE_END()
