#include "docker/client.hpp"

#include "base/error.hpp"
#include "frame.hpp"
#include "support/fake_server.hpp"
#include "support/soon.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using namespace std::chrono_literals;
using labctl::test::soon;
using test::FakeConnection;
using test::FakeRequest;
using test::FakeServer;

namespace {

// A fake engine.
struct Stub {
  using Answer = std::function<bool(const FakeRequest&, const FakeConnection&)>;
  Answer answer;
  FakeServer server{[this](const FakeRequest& request, const FakeConnection& connection) {
    return answer(request, connection);
  }};
  docker::Client client{server.address()};

  explicit Stub(Answer a) : answer(std::move(a)) {}
  Stub(int status, const std::string& body)
      : Stub([status, body](const FakeRequest&, const FakeConnection& connection) {
          connection.reply(status, body);
          return true;
        }) {}
};

template <typename Call>
Kind kind_of(Call call) {
  try {
    call();
  } catch (const Error& e) {
    return e.kind();
  }
  BOOST_FAIL("no error was thrown");
  return Kind::system;
}

const std::string inspected =
    R"({"Id":"abc","Name":"/p_web_1","Config":{"Image":"web:1"},"RestartCount":2,)"
    R"("State":{"Status":"running","Health":{"Status":"healthy"}},)"
    R"("NetworkSettings":{"Networks":{"cluster_default":{"IPAddress":"172.18.0.2"}}}})";

// A container that has written two lines, the second to stderr; its log can be followed.
Stub::Answer log_of_two_lines(bool tty) {
  return [tty](const FakeRequest& request, const FakeConnection& connection) {
    if (request.target == "/v1.41/containers/c/json") {
      connection.reply(200, tty ? R"({"Config":{"Tty":true}})" : R"({"Config":{"Tty":false}})");
      return true;
    }
    const std::string log =
        tty ? "Reloading HAProxy\r\nLoading success.\r\n"
            : docker::test::frame(1, "Reloading HAProxy\n") + docker::test::frame(2, "Loading success.\n");
    if (request.target.find("follow=true") == std::string::npos) {
      connection.reply(200, log);
      return true;
    }
    connection.write("HTTP/1.1 200 OK\r\n\r\n" + log);
    connection.wait_closed();
    return false;
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(docker_client)

BOOST_AUTO_TEST_CASE(a_container_is_read_with_state_health_and_networks) {
  Stub stub(200, inspected);
  const auto found = stub.client.container("p_web_1", soon());
  BOOST_REQUIRE(found);
  BOOST_TEST(found->name == "p_web_1");
  BOOST_TEST(found->running());
  BOOST_TEST(found->health == "healthy");
  BOOST_TEST(found->restart_count == 2);
  BOOST_TEST(found->networks.at("cluster_default") == "172.18.0.2");
}

BOOST_AUTO_TEST_CASE(the_oldest_version_of_a_newer_engine_is_used) {
  std::vector<std::string> targets;
  Stub stub([&](const FakeRequest& request, const FakeConnection& connection) {
    targets.push_back(request.target);
    if (request.target.starts_with("/v1.41/")) {
      connection.reply(400, R"({"message":"client version 1.41 is too old. Minimum supported API version is )"
                            R"(1.44, please upgrade your client to a newer version"})");
    } else {
      connection.reply(200, "[]");
    }
    return true;
  });
  stub.client.networks("", soon());
  stub.client.networks("", soon());
  BOOST_TEST(targets == (std::vector<std::string>{"/v1.41/networks", "/v1.44/networks", "/v1.44/networks"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_engine_that_refuses_its_own_version_is_not_asked_for_ever) {
  int asked = 0;
  Stub stub([&](const FakeRequest&, const FakeConnection& connection) {
    ++asked;
    connection.reply(400, R"({"message":"Minimum supported API version is 1.44, please upgrade"})");
    return true;
  });
  BOOST_TEST((kind_of([&] { stub.client.networks("", soon()); }) == Kind::invalid));
  BOOST_TEST(asked == 2);
}

BOOST_AUTO_TEST_CASE(containers_are_chosen_by_the_beginning_of_their_name_alone) {
  Stub stub([](const FakeRequest& request, const FakeConnection& connection) {
    if (request.target.find("/containers/json") != std::string::npos) {
      connection.reply(200, R"([{"Id":"abc","Names":["/p_web_1"]},{"Id":"def","Names":["/xp_web_1"]}])");
    } else {
      connection.reply(200, inspected);
    }
    return true;
  });
  const auto found = stub.client.containers("p_", soon());
  BOOST_REQUIRE(found.size() == 1);
  BOOST_TEST(found[0].id == "abc");
}

BOOST_AUTO_TEST_CASE(an_image_tells_its_names_and_whether_it_was_pulled) {
  Stub stub(200, R"([{"Id":"sha256:1","RepoTags":["p_web:latest"],"RepoDigests":["<none>@<none>"]},
                     {"Id":"sha256:2","RepoTags":["hub:5000/db:1"],"RepoDigests":["hub:5000/db@sha256:3"]},
                     {"Id":"sha256:4","RepoTags":["<none>:<none>"],"RepoDigests":null}])");
  const auto images = stub.client.images(soon());
  BOOST_REQUIRE(images.size() == 3);
  BOOST_TEST((images[0].names == std::vector<std::string>{"p_web:latest"}));
  BOOST_TEST(!images[0].from_registry);
  BOOST_TEST(images[1].from_registry);
  BOOST_TEST(images[2].names.empty());
}

BOOST_AUTO_TEST_CASE(volumes_that_a_driver_does_not_list_are_an_error_not_an_absence) {
  Stub good(
      200,
      R"({"Volumes":[{"Name":"p_db","Driver":"anybox/buttervolume:latest","Labels":null}],"Warnings":null})");
  const auto volumes = good.client.volumes("p_", soon());
  BOOST_REQUIRE(volumes.size() == 1);
  BOOST_TEST(volumes[0].driver == "anybox/buttervolume:latest");
  Stub bad(200, R"({"Volumes":[],"Warnings":["driver does not answer"]})");
  BOOST_TEST((kind_of([&] { bad.client.volumes("p_", soon()); }) == Kind::unavailable));
}

BOOST_AUTO_TEST_CASE(absent_and_could_not_look_are_told_apart) {
  BOOST_TEST(!Stub(404, R"({"message":"no such volume"})").client.volume("v", soon()));
  BOOST_TEST(!Stub(404, R"({"message":"no such container"})").client.container("c", soon()));
  BOOST_TEST((kind_of([] { Stub(500, R"({"message":"plugin is dead"})").client.volume("v", soon()); }) ==
              Kind::unavailable));
}

BOOST_AUTO_TEST_CASE(a_command_gives_output_error_and_exit_code) {
  std::string wish;
  Stub stub([&](const FakeRequest& request, const FakeConnection& connection) {
    if (request.target == "/v1.41/containers/c/exec") {
      wish = request.body;
      connection.reply(201, R"({"Id":"e1"})");
      return true;
    }
    if (request.target == "/v1.41/exec/e1/start") {
      connection.write("HTTP/1.1 200 OK\r\n\r\n");
      connection.write(std::string("\1\0\0\0\0\0\0\3out\2\0\0\0\0\0\0\3err", 22));
      return false;
    }
    connection.reply(200, R"({"Running":false,"ExitCode":3})");
    return true;
  });
  const auto result = stub.client.exec("c", {"cat", "a b"}, soon(), "root");
  BOOST_TEST(result.status == 3);
  BOOST_TEST(result.out == "out");
  BOOST_TEST(result.err == "err");
  BOOST_TEST(wish.find(R"("Cmd":["cat","a b"])") != std::string::npos);
  BOOST_TEST(wish.find(R"("User":"root")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_exit_code_that_is_not_known_yet_is_awaited) {
  std::atomic<int> asked{0};
  Stub stub([&](const FakeRequest& request, const FakeConnection& connection) {
    if (request.target == "/v1.41/containers/c/exec") {
      connection.reply(201, R"({"Id":"e1"})");
      return true;
    }
    if (request.target == "/v1.41/exec/e1/start") {
      connection.write("HTTP/1.1 200 OK\r\n\r\n");
      return false;
    }
    if (request.target.starts_with("/v1.41/events")) {
      connection.write("HTTP/1.1 200 OK\r\n\r\n{\"Type\":\"container\",\"Action\":\"exec_die\"}\n");
      connection.wait_closed();
      return false;
    }
    connection.reply(
        200, ++asked < 3 ? R"({"Running":true,"ExitCode":null})" : R"({"Running":false,"ExitCode":9})");
    return true;
  });
  BOOST_TEST(stub.client.exec("c", {"false"}, soon()).status == 9);
}

BOOST_AUTO_TEST_CASE(output_that_is_cut_off_is_an_error) {
  Stub stub([&](const FakeRequest& request, const FakeConnection& connection) {
    if (request.target == "/v1.41/containers/c/exec") {
      connection.reply(201, R"({"Id":"e1"})");
      return true;
    }
    connection.write("HTTP/1.1 200 OK\r\n\r\n");
    connection.write(std::string("\1\0\0\0\0\0\0\7out", 11));
    return false;
  });
  BOOST_TEST((kind_of([&] { stub.client.exec("c", {"true"}, soon()); }) == Kind::unreachable));
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_nothing_but_a_missing_container_is_an_error) {
  Stub no_file([](const FakeRequest& request, const FakeConnection& connection) {
    const bool archive = request.target.find("/archive") != std::string::npos;
    connection.reply(archive ? 404 : 200, archive ? R"({"message":"any words"})" : inspected);
    return true;
  });
  BOOST_TEST(!no_file.client.read_file("p_web_1", "/tmp/x", soon()));
  Stub no_container(404, R"({"message":"any words"})");
  BOOST_TEST(
      (kind_of([&] { no_container.client.read_file("p_web_1", "/tmp/x", soon()); }) == Kind::not_found));
}

BOOST_AUTO_TEST_CASE(the_log_of_a_container_is_followed_with_and_without_a_terminal) {
  for (const bool tty : {false, true}) {
    BOOST_TEST_CONTEXT("tty " << tty) {
      Stub stub(log_of_two_lines(tty));
      std::vector<std::string> lines;
      const auto note = [&](std::string_view line) {
        lines.emplace_back(line);
        return line != "Loading success.";
      };
      BOOST_TEST(stub.client.follow_logs("c", std::chrono::system_clock::now(), note, soon()));
      BOOST_TEST(lines == (std::vector<std::string>{"Reloading HAProxy", "Loading success."}),
                 boost::test_tools::per_element());
      BOOST_TEST(!stub.client.follow_logs(
          "c", {}, [](std::string_view) { return true; }, Deadline::in(30ms)));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_last_lines_of_a_log_are_read_with_and_without_a_terminal) {
  BOOST_TEST(Stub(log_of_two_lines(false)).client.logs("c", 9, soon()) ==
             "Reloading HAProxy\nLoading success.\n");
  BOOST_TEST(Stub(log_of_two_lines(true)).client.logs("c", 9, soon()) ==
             "Reloading HAProxy\r\nLoading success.\r\n");
}

BOOST_AUTO_TEST_CASE(waiting_looks_once_subscribed_and_after_every_event) {
  Stub stub([](const FakeRequest&, const FakeConnection& connection) {
    connection.write("HTTP/1.1 200 OK\r\n\r\n");
    connection.write("{\"Type\":\"container\",\"Action\":\"start\"}\n{\"Type\":\"container\",");
    connection.write("\"Action\":\"die\"}\n");
    connection.wait_closed();
    return false;
  });
  int looks = 0;
  BOOST_TEST(stub.client.await([&] { return ++looks == 3; }, soon()));
  BOOST_TEST(looks == 3);
  BOOST_TEST(!stub.client.await([] { return false; }, Deadline::in(30ms)));
}

BOOST_AUTO_TEST_CASE(an_event_has_its_type_action_and_name) {
  Stub stub([](const FakeRequest&, const FakeConnection& connection) {
    connection.write("HTTP/1.1 200 OK\r\n\r\n");
    connection.write(
        R"({"Type":"container","Action":"die","Actor":{"ID":"abc","Attributes":{"name":"web","exitCode":"137"}}})"
        "\n");
    connection.wait_closed();
    return false;
  });
  docker::EngineEvent seen;
  BOOST_TEST(stub.client.watch(
      [&](const docker::EngineEvent& event) {
        seen = event;
        return true;
      },
      soon()));
  BOOST_TEST(seen.type == "container");
  BOOST_TEST(seen.name == "web");
  BOOST_TEST(seen.attributes.at("exitCode") == "137");
}

BOOST_AUTO_TEST_CASE(a_removal_under_way_is_waited_for) {
  std::atomic<bool> gone{false};
  Stub stub([&](const FakeRequest& request, const FakeConnection& connection) {
    if (request.method == "DELETE") {
      connection.reply(409, R"({"message":"removal of container c is already in progress"})");
    } else if (request.target.starts_with("/v1.41/events")) {
      connection.write("HTTP/1.1 200 OK\r\n\r\n");
      gone = true;
      connection.write("{\"Type\":\"container\",\"Action\":\"destroy\"}\n");
      connection.wait_closed();
      return false;
    } else {
      connection.reply(gone ? 404 : 200, gone ? "{}" : inspected);
    }
    return true;
  });
  stub.client.remove_container("c", soon());
  BOOST_TEST(gone);
}

BOOST_AUTO_TEST_SUITE_END()
