#include "cli/old_places.hpp"

#include "base/error.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include <map>

namespace labctl::cli {
namespace {

inventory::Inventory inventory_with(const std::string& lines) {
  return inventory::parse("version: 1\nnodes: {core1: {address: a}, core2: {address: b}}\n" + lines,
                          "/i.yaml");
}

// Name and local end of the forwards that were added.
std::map<std::string, std::string> added_to(const std::string& lines, Occupied occupied = Occupied::refused) {
  const auto before = inventory_with(lines);
  const auto after = with_old_places(before, occupied);
  std::map<std::string, std::string> added;
  for (auto i = before.forwards.size(); i < after.forwards.size(); ++i)
    added[after.forwards[i].name] = to_string(after.forwards[i].local);
  return added;
}
using Added = std::map<std::string, std::string>;

const Added sockets{{"compat_docker_core1", "/tmp/docker_core1.sock"},
                    {"compat_docker_core2", "/tmp/docker_core2.sock"}};

}  // namespace

BOOST_AUTO_TEST_SUITE(old_places)

BOOST_AUTO_TEST_CASE(every_engine_and_consul_get_their_old_place) {
  auto all = sockets;
  all["compat_consul"] = "127.0.0.1:8500";
  BOOST_TEST((added_to("consul: {local: \"127.0.0.1:8501\"}\n") == all));
  BOOST_TEST((added_to("consul: {local: \"{runtime}/c.sock\"}\n") == all));
}

BOOST_AUTO_TEST_CASE(what_is_there_already_is_not_added_again) {
  BOOST_TEST((added_to("") == sockets));  // the usual end of Consul is the old place
  BOOST_TEST((added_to("consul: {local: \"localhost:8500\"}\n") == sockets));
  BOOST_TEST((added_to("docker: {local: \"/tmp/docker_{node}.sock\"}\n").empty()));
}

BOOST_AUTO_TEST_CASE(an_added_forward_leads_where_the_usual_one_leads) {
  const auto inventory = with_old_places(inventory_with("docker: {remote: /x.sock}\n"));
  const auto& added = inventory.forwards.back();
  BOOST_TEST(added.via.front() == "core2");
  BOOST_TEST(added.remote.path == "/x.sock");
  BOOST_TEST((added.kind == inventory::Forward::Kind::docker));
  BOOST_TEST(inventory.docker("core2").local.path != added.local.path);  // labctl itself uses the usual one
}

BOOST_AUTO_TEST_CASE(a_place_that_leads_elsewhere_is_refused_by_name) {
  const std::string other =
      "consul: {local: \"127.0.0.1:8501\"}\nforwards: [{name: web, via: core1, local: \"127.0.0.1:8500\", "
      "remote: \"localhost:80\"}]\n";
  BOOST_CHECK_EXCEPTION(added_to(other), Error, [](const Error& error) {
    return error.kind() == Kind::conflict &&
           error.line().find("web already has 127.0.0.1:8500") != std::string::npos;
  });
  BOOST_TEST((added_to(other, Occupied::left_out) == sockets));
}

BOOST_AUTO_TEST_CASE(a_folder_in_which_others_can_replace_sockets_is_refused) {
  const test::TempDir folder;
  const auto refused = [&] {
    try {
      require_safe_for_sockets(folder.path());
    } catch (const Error& error) {
      return error.kind() == Kind::conflict && error.where() == folder.path();
    }
    return false;
  };
  for (const auto& [mode, wanted] :
       std::map<unsigned, bool>{{0700, false}, {01777, false}, {0777, true}, {0770, true}}) {
    ::chmod(folder.path().c_str(), mode);
    BOOST_TEST(refused() == wanted, mode);
  }
  const auto link = folder.path() / "link";
  std::filesystem::create_directory_symlink("/tmp", link);
  BOOST_CHECK_THROW(require_safe_for_sockets(link), Error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::cli
