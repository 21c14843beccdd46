#include "contract/payload.hpp"

#include "base/error.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using namespace labctl::contract;

BOOST_AUTO_TEST_SUITE(payload)

namespace {

std::string payload_refusal(const auto& parse, std::string_view text) {
  try {
    parse(text);
  } catch (const Error& error) {
    BOOST_TEST((error.kind() == Kind::invalid));
    return error.what();
  }
  return "accepted";
}

const auto deploy = [](std::string_view text) { parse_deploy(text); };
const auto destroy = [](std::string_view text) { parse_destroy(text); };
const auto migrate = [](std::string_view text) { parse_migrate(text); };

}  // namespace

BOOST_AUTO_TEST_CASE(a_deploy_names_app_master_and_slave) {
  const auto request = parse_deploy(
      R"({"repo":"https://github.com/mlfmonde/cluster_lab_test_service.git","branch":"master","master":"core1",)"
      R"("slave":"core2","update":1,"unknown":[]})");
  BOOST_TEST(request.app.app == "cluster_lab_test_service_master.89b06");
  BOOST_TEST(request.at.master == "core1");
  BOOST_TEST(request.at.slave.value() == "core2");
  BOOST_TEST(request.update);
}

BOOST_AUTO_TEST_CASE(null_absent_and_empty_slave_mean_none) {
  for (const char* slave : {R"(,"slave":null)", "", R"(,"slave":"")"}) {
    const auto request =
        parse_deploy(std::string(R"({"repo":"https://x/y","branch":"b","master":"core1")") + slave + "}");
    BOOST_TEST(!request.at.slave.has_value());
    BOOST_TEST(!request.update);
  }
}

BOOST_AUTO_TEST_CASE(a_deploy_is_checked_for_repo_master_and_slave_then_branch) {
  BOOST_TEST(payload_refusal(deploy, "{}") == "'repo' is missing");
  BOOST_TEST(payload_refusal(deploy, R"({"repo":"https://x/y"})") == "'master' is missing");
  BOOST_TEST(payload_refusal(deploy, R"({"repo":"https://x/y","master":null,"slave":null})") ==
             "'master' is missing");
  BOOST_TEST(payload_refusal(deploy, R"({"repo":"https://x/y","master":"a","slave":"a"})") ==
             "master and slave are the same node: a");
  BOOST_TEST(payload_refusal(deploy, R"({"repo":"https://x/y","master":"a"})") == "'branch' is missing");
  BOOST_TEST(payload_refusal(deploy, R"({"repo":"https://x/y","master":"a","branch":" "})") ==
             "'branch' is missing");
  BOOST_TEST(payload_refusal(deploy, R"({"repo":5,"master":"a","branch":"b"})") == "'repo' is not a string");
  BOOST_TEST(payload_refusal(deploy, "[]") == "the payload is not a JSON object");
  BOOST_TEST(payload_refusal(deploy, "nonsense") == "the payload is not JSON");
  BOOST_TEST(payload_refusal(deploy, "") == "the payload is not JSON");
}

BOOST_AUTO_TEST_CASE(a_branch_that_would_leave_the_deploy_folder_is_refused) {
  const auto of_branch = [](std::string_view branch) {
    return payload_refusal(
        deploy, R"({"repo":"https://x/y","master":"a","branch":")" + std::string(branch) + R"("})");
  };
  for (const char* branch : {"a/../../x", "a//b", "a/./b"}) {
    BOOST_TEST_CONTEXT(branch) { BOOST_TEST(of_branch(branch).find("folder name") != std::string::npos); }
  }
  // Between repository and hash these become ordinary names: "y_../x.HASH", "y_a/...HASH".
  for (const char* branch : {"../x", "/x", "x/", "a/..", "."}) {
    BOOST_TEST_CONTEXT(branch) { BOOST_TEST(of_branch(branch) == "accepted"); }
  }
  BOOST_TEST(payload_refusal(deploy, R"({"repo":"https://x/y","master":"a","branch":"Feature/X-1"})") ==
             "accepted");
  BOOST_TEST(payload_refusal(deploy, "{\"repo\":\"https://x/y\",\"master\":\"a\",\"branch\":\"a\\nb\"}") ==
             "control character in repo or branch");
}

BOOST_AUTO_TEST_CASE(a_destroy_needs_repo_and_branch) {
  BOOST_TEST(parse_destroy(R"({"repo":"https://x/y","branch":"b"})").app.branch == "b");
  BOOST_TEST(payload_refusal(destroy, R"({"branch":"b"})") == "'repo' is missing");
  BOOST_TEST(payload_refusal(destroy, R"({"repo":"https://x/y","branch":""})") == "'branch' is missing");
}

BOOST_AUTO_TEST_CASE(a_migrate_takes_what_the_target_omits_from_the_source) {
  const auto request = parse_migrate(R"({"repo":"https://x/y","branch":"b","target":{"branch":"c"}})");
  BOOST_TEST(request.target.repo_url == "https://x/y");
  BOOST_TEST(request.target.branch == "c");
  BOOST_TEST(request.update);
  BOOST_TEST(
      !parse_migrate(R"({"repo":"https://x/y","branch":"b","target":{"repo":"https://z/y"},"update":false})")
           .update);
  BOOST_TEST(payload_refusal(migrate, R"({"repo":"https://x/y","branch":"b"})") == "'target' is missing");
  BOOST_TEST(payload_refusal(migrate, R"({"repo":"https://x/y","branch":"b","target":{}})") ==
             "'target' names neither repo nor branch");
  BOOST_TEST(payload_refusal(migrate, R"({"repo":"https://x/y","target":{"branch":"c"}})") ==
             "'branch' is missing");
}

BOOST_AUTO_TEST_CASE(what_is_written_reads_back) {
  const auto request =
      parse_deploy(R"({"repo":"https://x/y","branch":"b","master":"core1","slave":"core2","update":true})");
  const auto again = parse_deploy(to_payload(request));
  BOOST_TEST((again.app == request.app));
  BOOST_TEST(again.at.slave.value() == "core2");
  BOOST_TEST(again.update);
  const auto move =
      parse_migrate(R"({"repo":"https://x/y","branch":"b","target":{"branch":"c"},"update":false})");
  BOOST_TEST((parse_migrate(to_payload(move)).target == move.target));
  BOOST_TEST(!parse_migrate(to_payload(move)).update);
}

BOOST_AUTO_TEST_CASE(an_empty_batch_is_no_event) {
  BOOST_TEST(parse_batch("[]").empty());
  BOOST_TEST(parse_batch(" \n").empty());
  BOOST_TEST(parse_batch("null").empty());
}

BOOST_AUTO_TEST_CASE(a_batch_keeps_order_and_tells_null_from_empty_payload) {
  const auto batch =
      parse_batch(R"([{"ID":"a-1","Name":"deploy","Payload":"e30=","NodeFilter":"","Version":1,"LTime":4},)"
                  R"({"ID":"a-2","Name":"x","Payload":null},{"ID":"a-3","Name":"y","Payload":""}])");
  BOOST_REQUIRE(batch.size() == 3U);
  BOOST_TEST(batch[0].event.payload.value() == "{}");
  BOOST_TEST(!batch[1].event.payload.has_value());
  BOOST_TEST(batch[2].event.payload.value() == "");
  BOOST_TEST(batch[2].event.name == "y");
}

BOOST_AUTO_TEST_CASE(one_bad_entry_does_not_hide_the_others) {
  const auto batch = parse_batch(
      R"([{"ID":"a-1","Name":"deploy","Payload":"%%%%"},{"ID":"../x","Name":"deploy"},7,{"ID":"a-4","Name":"d",)"
      R"("Payload":"/////w=="},{"ID":"a-5","Name":"d"}])");
  BOOST_REQUIRE(batch.size() == 5U);
  for (std::size_t i = 0; i < 4; ++i) BOOST_TEST(!batch[i].bad_payload.empty());
  BOOST_TEST(batch[4].bad_payload.empty());
  BOOST_CHECK_THROW(parse_batch("{}"), Error);
  BOOST_CHECK_THROW(parse_batch("["), Error);
}

BOOST_AUTO_TEST_SUITE_END()
