#include "agent/deployment.hpp"

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "support/fake_server.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <map>
#include <mutex>

using namespace labctl;
using namespace labctl::agent;
using nlohmann::json;
using test::FakeConnection;
using test::FakeRequest;

namespace {

constexpr auto old_id = "00000000-0000-0000-0000-000000000001";
constexpr auto new_id = "00000000-0000-0000-0000-000000000002";

// A node that is the master of an app without a slave: real git, folders and processes; Consul, the engine,
// the volume plugin and docker-compose are fakes that record the requests.
struct MasterNode {
  test::TempDir folder;
  contract::AppName app = contract::app_name((folder / "service").string(), "master");
  std::string volume = contract::volume_name(app.project, "data");

  std::mutex mutex;
  std::map<std::string, std::string> kv;
  std::vector<std::string> schedules;  // "ACTION MINUTES"
  std::string answer_to_snapshot;      // of the plugin
  test::FakeServer consul{[this](const auto& request, const auto& to) { return consul_says(request, to); }};
  test::FakeServer docker{[this](const auto& request, const auto& to) { return docker_says(request, to); },
                          folder / "docker.sock"};
  test::FakeServer plugin{[this](const auto& request, const auto& to) { return plugin_says(request, to); },
                          folder / "btrfs.sock"};

  void sh(const std::string& script) const {
    run_checked({.argv = {"sh", "-ec", script},
                 .input = {},
                 .directory = folder.path(),
                 .environment = {},
                 .drop_environment = {}},
                Deadline::in(std::chrono::minutes(1)));
  }

  MasterNode() {
    sh("mkdir deploy bin service; cd service; git init -q; git checkout -q -b master; "
       "printf '%s\\n' 'version: \"2\"' 'services: {web: {image: nothing}}' "
       "'volumes: {data: {driver: \"anybox/buttervolume:latest\"}}' > docker-compose.yml; git add .; "
       "git -c user.name=t -c user.email=t@localhost commit -qm one");
    sh("printf '%s\\n' '#!/bin/sh' 'echo \"${PWD##*/} $3 $4\" >> \"$COMPOSE_CALLS\"' > bin/docker-compose; "
       "chmod 755 bin/docker-compose");
    ::setenv("COMPOSE_CALLS", (folder / "calls").c_str(), 1);
    ::setenv("PATH", ((folder / "bin").string() + ":" + std::getenv("PATH")).c_str(), 1);
    std::filesystem::copy(folder / "service", old_clone(), std::filesystem::copy_options::recursive);
    contract::Record record;
    record.repo_url = app.repo_url;
    record.branch = app.branch;
    record.deploy_id = old_id;
    record.deploy_date = "2026-11-22T140245.706922";
    record.at.master = "core1";
    record.volumes = {volume};
    kv[contract::app_key(app.app)] = contract::to_text(record);
  }

  std::filesystem::path old_clone() const {
    return folder / ("deploy/" + contract::clone_name(app.app, old_id));
  }
  std::filesystem::path new_clone() const {
    return folder / ("deploy/" + contract::clone_name(app.app, new_id));
  }
  std::vector<std::string> compose_calls() const { return lines(read_file(folder / "calls")); }

  void redeploy() {
    Settings settings;
    settings.node = "core1";
    settings.deploy = folder / "deploy";
    settings.consul = consul.address();
    settings.docker_socket = folder / "docker.sock";
    settings.plugin_folder = folder.path();
    LocalNode node(settings);
    contract::DeployRequest request;
    request.app = app;
    request.at.master = "core1";
    Deployment(node, new_id, app, StepTable()).deploy(request);
  }

  bool consul_says(const FakeRequest& request, const FakeConnection& to) {
    const std::lock_guard lock(mutex);
    if (request.target.starts_with("/v1/agent/members")) {
      to.reply(200, json::array({{{"Name", "core1"}, {"Addr", "127.0.0.1"}, {"Status", 1}}}).dump());
      return true;
    }
    const auto path = request.target.substr(0, request.target.find('?'));
    if (!path.starts_with("/v1/kv/")) {
      to.reply(200, "true");
      return true;
    }
    const auto key = path.substr(7);
    if (request.method == "PUT") kv[key] = request.body;
    if (request.method == "DELETE") kv.erase(key);
    if (request.method != "GET") {
      to.reply(200, "true");
      return true;
    }
    auto found = json::array();
    for (const auto& [name, value] : kv) {
      const bool meant =
          request.target.find("recurse") != std::string::npos ? name.starts_with(key) : name == key;
      if (meant) found.push_back({{"Key", name}, {"Value", encode_base64(value)}, {"ModifyIndex", 1}});
    }
    to.reply(found.empty() ? 404 : 200, found.empty() ? "" : found.dump(), "X-Consul-Index: 1\r\n");
    return true;
  }

  bool docker_says(const FakeRequest& request, const FakeConnection& to) const {
    if (request.target.find("/volumes/" + volume) != std::string::npos) {
      to.reply(200, json{{"Name", volume}, {"Driver", "anybox/buttervolume:latest"}}.dump());
    } else {
      to.reply(404, R"({"message": "none"})");
    }
    return true;
  }

  bool plugin_says(const FakeRequest& request, const FakeConnection& to) {
    const std::lock_guard lock(mutex);
    if (request.target == "/VolumeDriver.Snapshot") {
      to.reply(200, answer_to_snapshot);
      return true;
    }
    if (request.target == "/VolumeDriver.Schedule") {
      const auto job = json::parse(request.body);
      schedules.push_back(job.at("Action").get<std::string>() + " " + job.at("Timer").get<std::string>());
    }
    to.reply(200, R"({"Err": ""})");
    return true;
  }
};

const auto kind_of_json = [](const json::exception&) { return true; };

}  // namespace

BOOST_FIXTURE_TEST_SUITE(deployment, MasterNode)

// The plugin's answer has an unexpected shape: the JSON library throws its own exception, not an Error.
BOOST_AUTO_TEST_CASE(an_exception_of_a_library_in_the_middle_leaves_the_old_app_serving) {
  const auto record = kv.at(contract::app_key(app.app));
  answer_to_snapshot = R"({"Err": null})";
  BOOST_CHECK_EXCEPTION(redeploy(), json::exception, kind_of_json);
  const auto old = old_clone().filename().string();
  BOOST_TEST(compose_calls() == (std::vector<std::string>{old + " down ", old + " up -d"}),
             boost::test_tools::per_element());
  BOOST_TEST(!kv.contains(contract::maintenance_key(app.app)));
  BOOST_TEST(kv.at(contract::app_key(app.app)) == record);
  const std::vector<std::string> off_and_on_again{"snapshot 0", "purge:1h:1d:1w:4w:1y 0", "snapshot 60",
                                                  "purge:1h:1d:1w:4w:1y 1440"};
  BOOST_TEST(schedules == off_and_on_again, boost::test_tools::per_element());
  BOOST_TEST(std::filesystem::exists(old_clone()));
  BOOST_TEST(!std::filesystem::exists(new_clone()));
}

BOOST_AUTO_TEST_CASE(without_one_the_new_deployment_takes_its_place) {
  answer_to_snapshot = json{{"Err", ""}, {"Snapshot", volume + "@2026"}}.dump();
  redeploy();
  BOOST_TEST(compose_calls().back() == new_clone().filename().string() + " up -d");
  BOOST_TEST(contract::parse_record(kv.at(contract::app_key(app.app))).deploy_id == new_id);
  BOOST_TEST(!kv.contains(contract::maintenance_key(app.app)));
  BOOST_TEST(!std::filesystem::exists(old_clone()));
  BOOST_TEST(std::filesystem::exists(new_clone()));
}

BOOST_AUTO_TEST_CASE(a_compose_file_with_another_name_leaves_the_app_as_it_was) {
  const auto record = kv.at(contract::app_key(app.app));
  sh("mv service/docker-compose.yml compose.old");
  for (const std::string name : {"compose.yaml", "compose.yml", "docker-compose.yaml"}) {
    BOOST_TEST_CONTEXT(name) {
      sh("cd service; rm -f *compose.y*ml; cp ../compose.old " + name +
         "; git add -A; git -c user.name=t -c user.email=t@localhost commit -qm " + name);
      BOOST_CHECK_EXCEPTION(redeploy(), Error, [&](const Error& error) {
        return error.line().find("has " + name + ", but no docker-compose.yml") != std::string::npos;
      });
      BOOST_TEST(kv.at(contract::app_key(app.app)) == record);
      BOOST_TEST(!kv.contains(contract::maintenance_key(app.app)));
      BOOST_TEST(schedules.empty());
      BOOST_TEST(!std::filesystem::exists(folder / "calls"));
      BOOST_TEST(std::filesystem::exists(old_clone()));
      BOOST_TEST(!std::filesystem::exists(new_clone()));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
