#include "agent/caddy/translation.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "contract/caddyfile.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using namespace labctl::agent;

// The texts expected here were accepted by `caddy validate` of Caddy 2.6.2.
BOOST_AUTO_TEST_SUITE(caddy_translation)

namespace {

const std::string head =
    "{\n\tadmin localhost:2019\n\tgrace_period 3s\n\torder error before handle\n\torder respond before "
    "handle\n}\n";
const std::string not_served = "respond \"404 Site {host} is not served on this interface\" 404\n";
const std::string unknown_host = "\nhttp://:80 {\n\t" + not_served + "}\n";
const std::string unknown_path = "\thandle {\n\t\trespond \"404 Not Found\" 404\n\t}\n";

// The lines of a site, without those for a path that nothing else answers.
std::string site(const std::string& body) {
  const auto translation = translate_caddyfile("http://a {\n" + body + "\n}", {});
  BOOST_TEST(translation.warnings.empty());
  const std::string begin = head + "\nhttp://a {\n", end = "}\n" + unknown_host;
  BOOST_REQUIRE(translation.text.starts_with(begin));
  BOOST_REQUIRE(translation.text.ends_with(end));
  auto text = translation.text.substr(begin.size(), translation.text.size() - begin.size() - end.size());
  if (text.ends_with(unknown_path)) text.resize(text.size() - unknown_path.size());
  return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_kv_holds_of_the_test_service_is_translated) {
  auto sites = contract::parse_caddyfile("http://service.cluster.lab {\n proxy / http://p_anyblok_1:8080\n}");
  contract::apply_defaults(sites[0]);
  const auto translation = translate_caddyfile(contract::render_caddyfile(sites), {});
  BOOST_TEST(translation.warnings.empty());
  BOOST_TEST(translation.text == head +
                                     "\nhttp://service.cluster.lab {\n"
                                     "\tlog {\n\t\toutput stdout\n\t}\n"
                                     "\treverse_proxy http://p_anyblok_1:8080 {\n"
                                     "\t\theader_up X-Real-IP {remote_host}\n"
                                     "\t}\n"
                                     "\tencode gzip\n"
                                     "}\n" +
                                     unknown_host);
}

BOOST_AUTO_TEST_CASE(a_comment_behind_a_proxy_is_no_upstream) {
  const std::string text = "http://shop.lab {\n  proxy / http://shop_web_1:8080 # backend\n}";
  BOOST_TEST(translate_caddyfile(text, {}).text ==
             head +
                 "\nhttp://shop.lab {\n\treverse_proxy http://shop_web_1:8080 {\n"
                 "\t\theader_up Host {upstream_hostport}\n\t}\n}\n" +
                 unknown_host);
  auto sites = contract::parse_caddyfile(text);
  contract::apply_defaults(sites[0]);
  const auto kv = contract::render_caddyfile(sites);
  BOOST_TEST(lines(kv).at(1) == "    proxy / http://shop_web_1:8080 {");
  const auto translated = lines(translate_caddyfile(kv, {}).text);
  std::vector<std::string> upstreams;
  for (const auto& line : translated) {
    if (line.find("reverse_proxy") != std::string::npos) upstreams.push_back(line);
  }
  BOOST_TEST(upstreams == std::vector<std::string>{"\treverse_proxy http://shop_web_1:8080 {"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_maintenance_site_serves_its_page_for_every_address) {
  const auto text =
      translate_caddyfile("http://a, http://b {\n root /srv\n errors {\n 404 index.html\n }\n}", {}).text;
  const std::string body =
      "\thandle_errors {\n"
      "\t\t@error0 expression {http.error.status_code} == 404\n"
      "\t\trewrite @error0 /index.html\n"
      "\t\tfile_server\n"
      "\t}\n"
      "\troot * /srv\n"
      "\tfile_server\n";
  BOOST_TEST(text == head + "\nhttp://a {\n" + body + "}\n\nhttp://b {\n" + body + "}\n" + unknown_host);
}

BOOST_AUTO_TEST_CASE(no_sites_are_a_complete_file_too) {
  BOOST_TEST(translate_caddyfile("", {}).text == head);
  BOOST_TEST(translate_caddyfile("", {.local_certs = true}).text.find("\tlocal_certs\n") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(certificates_are_unchecked_only_where_there_are_some) {
  BOOST_TEST(site("proxy / x:80 {\n insecure_skip_verify\n websocket\n header_upstream Host {host}\n}") ==
             "\treverse_proxy http://x:80\n");
  BOOST_TEST(
      site("proxy / https://x {\n insecure_skip_verify\n header_upstream Host {host}\n}") ==
      "\treverse_proxy https://x {\n\t\ttransport http {\n\t\t\ttls_insecure_skip_verify\n\t\t}\n\t}\n");
}

BOOST_AUTO_TEST_CASE(an_upstream_gets_its_own_name_unless_told_otherwise) {
  const std::string own = " {\n\t\theader_up Host {upstream_hostport}\n\t}\n";
  BOOST_TEST(site("proxy / x:80") == "\treverse_proxy http://x:80" + own);
  BOOST_TEST(site("proxy / :8080") == "\treverse_proxy http://localhost:8080" + own);
  BOOST_TEST(site("proxy / unix:/run/x.sock") == "\treverse_proxy unix//run/x.sock" + own);
  BOOST_TEST(site("proxy / {\n upstream x:80\n}") == "\treverse_proxy http://x:80" + own);
  BOOST_TEST(site("proxy / x:80 {\n transparent\n}") ==
             "\treverse_proxy http://x:80 {\n\t\theader_up X-Real-IP {remote_host}\n\t}\n");
  BOOST_TEST(site("proxy / x:80 {\n header_upstream host shop\n}") ==
             "\treverse_proxy http://x:80 {\n\t\theader_up host shop\n\t}\n");
}

BOOST_AUTO_TEST_CASE(paths_are_prefixes_and_upstream_paths_a_rewrite) {
  const std::string block = " {\n transparent\n}",
                    indented = " {\n\t\t\t\theader_up X-Real-IP {remote_host}\n\t\t\t}\n";
  BOOST_TEST(site("proxy /api x:80" + block) ==
             "\thandle /api* {\n\t\treverse_proxy http://x:80 {\n\t\t\theader_up X-Real-IP "
             "{remote_host}\n\t\t}\n\t}\n");
  BOOST_TEST(site("proxy / x:80/base" + block) ==
             "\thandle {\n\t\troute {\n\t\t\trewrite * /base{uri}\n\t\t\treverse_proxy http://x:80" +
                 indented + "\t\t}\n\t}\n");
  BOOST_TEST(site("proxy /api x:80/base/ {\n without /api/\n transparent\n}") ==
             "\thandle /api* {\n\t\troute {\n\t\t\turi path_regexp ^/api([^/].*)$ /api/$1\n"
             "\t\t\turi strip_prefix /api\n\t\t\trewrite * /base{uri}\n\t\t\treverse_proxy http://x:80" +
                 indented + "\t\t}\n\t}\n");
}

BOOST_AUTO_TEST_CASE(a_path_that_nothing_answers_is_not_found) {
  const auto is_found = [](const std::string& body) {
    const auto text = translate_caddyfile("http://a {\n" + body + "\n}", {}).text;
    return text.find(unknown_path) == std::string::npos;
  };
  for (const auto* body :
       {"proxy / x:80", "root /srv", "browse", "fastcgi / x:9000", "status 204 /", "redir https://b"})
    BOOST_TEST(is_found(body), body);
  for (const auto* body :
       {"gzip", "proxy /a x:80", "browse /a", "fastcgi /a x:9000", "status 204 /a", "redir /a /b"})
    BOOST_TEST(!is_found(body), body);
}

BOOST_AUTO_TEST_CASE(a_host_without_a_site_is_not_found) {
  const auto text = translate_caddyfile(
                        "http://a, http://b:8080, https://c {\n gzip\n}\nhttp://d:81 {\n bind 127.0.0.1\n}\n"
                        ":82 {\n gzip\n}\n",
                        {})
                        .text;
  for (const auto* port : {"80", "8080"})
    BOOST_TEST(text.find(std::string("\nhttp://:") + port + " {\n\t" + not_served) != std::string::npos);
  for (const auto* port : {"81", "82", "443"})
    BOOST_TEST(text.find(std::string("http://:") + port + " {") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(smaller_directives_have_equals) {
  BOOST_TEST(site("redir /a /b") == "\tredir /a /b 301\n");
  BOOST_TEST(site("redir https://x{uri} 302") == "\tredir * https://x{uri} 302\n");
  BOOST_TEST(site("status 404 /x / ") == "\terror /x* 404\n\terror 404\n");
  BOOST_TEST(site("status 204 /x") == "\trespond /x* 204\n");
  BOOST_TEST(site("internal /x") == "\terror /x* 404\n");
  BOOST_TEST(site("header / X-Frame \"a b\"") == "\theader * X-Frame \"a b\"\n");
  BOOST_TEST(site("header / X \\") == "\theader * X `\\`\n");
  BOOST_TEST(site("header / X `\\") == "\theader * X \"`\\ \"\n");
  BOOST_TEST(site("tls off") == "");
  BOOST_TEST(site("tls self_signed") == "\ttls internal\n");
  BOOST_TEST(site("ext .html") == "\ttry_files {path} {path}.html\n");
  BOOST_TEST(site("header / X {>Y}{?z}") == "\theader * X {header.Y}{query.z}\n");
}

// The matchers' names are made from the site's address.
BOOST_AUTO_TEST_CASE(a_rewrite_keeps_its_base_its_groups_and_its_last_target) {
  const auto plain = [](const std::string& body) {
    return replace_all(site(body), "m0_687474703a2f2f61", "m");
  };
  BOOST_TEST(plain("rewrite /old {\n to /new\n}") == "\t@m {\n\t\tpath /old*\n\t}\n\trewrite @m /new\n");
  BOOST_TEST(plain("rewrite {\n to /new\n}") == "\trewrite * /new\n");
  BOOST_TEST(plain("rewrite ^/v([0-9]) /api?version={1}") ==
             "\t@m {\n\t\tpath_regexp m ^/v([0-9])\n\t}\n\trewrite @m /api?version={re.m.1}\n");
  BOOST_TEST(plain("rewrite not ^/api /index.html") ==
             "\t@m {\n\t\tnot path_regexp ^/api\n\t}\n\trewrite @m /index.html\n");
  // The regular expression sees what follows the base.
  BOOST_TEST(plain("rewrite /a.b/ {\n r ^/(.*)$\n to /new/{1}\n}") ==
             "\t@m {\n\t\tpath /a.b/*\n\t\tpath_regexp m ^/a\\.b(?:/(.*)$)\n\t}\n"
             "\trewrite @m /new/{re.m.1}\n");
  BOOST_TEST(plain("rewrite {\n to {path} {path}/?x /index.php?{query}\n}") ==
             "\t@mf {\n\t\tfile {path} {path}/\n\t}\n\trewrite @mf {http.matchers.file.relative}\n"
             "\trewrite * /index.php?{query}\n");
}

// Another handler may have written it to the KV store.
BOOST_AUTO_TEST_CASE(a_block_in_one_line_closes_its_site) {
  for (const char* body :
       {"proxy /api x:80 { without /api }", "gzip { ext .js }", "proxy / x:80{\n websocket"}) {
    BOOST_TEST_CONTEXT(body) {
      const auto made = translate_caddyfile(std::string("http://a {\n") + body + "\n}", {});
      BOOST_TEST(made.text.find("\terror 403\n") != std::string::npos, made.text);
      BOOST_TEST(made.text.find("http://{") == std::string::npos, made.text);
      BOOST_REQUIRE(!made.warnings.empty());
      BOOST_TEST(made.warnings[0].find("' has a brace within a line and may guard the site") !=
                 std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(passwords_are_hashed_and_what_is_not_understood_closes_the_site) {
  const std::string text = site("basicauth /admin bob secret");
  BOOST_TEST(text.starts_with("\tbasicauth /admin* {\n\t\tbob $2b$10$"));
  BOOST_TEST(text.find("secret") == std::string::npos);
  const auto file = translate_caddyfile("a {\n basicauth / bob htpasswd=/x\n}", {});
  BOOST_TEST(file.text.find("\terror 403\n") != std::string::npos);
  BOOST_TEST(file.warnings.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_may_guard_a_site_closes_it) {
  const auto closed = [](const std::string& body) {
    const auto translation = translate_caddyfile("http://a {\n" + body + "\n}", {});
    BOOST_TEST(translation.warnings.size() == 1U);
    std::string closed_paths;
    for (const auto& line : lines(translation.text)) {
      if (line.starts_with("\terror")) closed_paths += line.substr(1) + "; ";
    }
    return closed_paths;
  };
  BOOST_TEST(closed("ipfilter /admin {\n rule allow\n ip 10.20.0.0/16\n }") == "error /admin* 403; ");
  BOOST_TEST(closed("ipfilter / {\n rule block\n }") == "error 403; ");
  BOOST_TEST(closed("jwt {\n path /private\n path /x\n redirect /login\n }") ==
             "error /private* 403; error /x* 403; ");
  BOOST_TEST(closed("jwt /private") == "error /private* 403; ");
  BOOST_TEST(closed("authz /etc/model.conf /etc/policy.csv") == "error 403; ");  // these are files
  BOOST_TEST(closed("basicauth bob /secret") == "error 403; ");                  // the password
  BOOST_TEST(closed("basicauth /in bob htpasswd=/x") == "error /in* 403; ");
  BOOST_TEST(closed("redir {\n if {>X-Token} not secret\n / /login\n }") == "error 403; ");
  BOOST_TEST(closed("rewrite /private {\n if {>X} is y\n to /z\n }") == "error /private* 403; ");
  BOOST_TEST(closed("tls {\n clients require ca.pem\n }") == "error 403; ");
  BOOST_TEST(closed("frobnicate") == "error 403; ");
  // Caddy 2 would reject these, and with them all sites of the node.
  BOOST_TEST(closed("proxy /x http://") == "error /x* 403; ");
  BOOST_TEST(closed("proxy /x http://x:8080-8083") == "error /x* 403; ");
  BOOST_TEST(closed("proxy / {$BACKEND}:80") == "error 403; ");
}

BOOST_AUTO_TEST_CASE(what_has_no_equal_is_left_out_with_a_warning) {
  const auto translation = translate_caddyfile("http://a {\n push x {\n y\n }\n}\nhttp://a {\n gzip\n}", {});
  BOOST_TEST(translation.text.find("push") == std::string::npos);
  BOOST_TEST(translation.text.find("gzip") == std::string::npos);
  BOOST_TEST(translation.warnings.size() == 2U);
  BOOST_TEST(translate_caddyfile("\"x {\" {\n gzip\n}", {}).text == head);
}

BOOST_AUTO_TEST_CASE(sites_of_one_address_with_several_paths_share_a_block) {
  const auto text = translate_caddyfile("a {\n proxy / x:1\n}\na/api {\n proxy / y:2\n}", {}).text;
  const std::string own = "header_up Host {upstream_hostport}\n";
  BOOST_TEST(
      text ==
      head +
          "\na {\n\thandle /api* {\n\t\troute {\n\t\t\turi path_regexp ^/api([^/].*)$ /api/$1\n"
          "\t\t\turi strip_prefix /api\n\t\t\thandle {\n\t\t\t\treverse_proxy http://y:2 {\n\t\t\t\t\t" +
          own + "\t\t\t\t}\n\t\t\t}\n\t\t}\n\t}\n\thandle {\n\t\treverse_proxy http://x:1 {\n\t\t\t" + own +
          "\t\t}\n\t}\n}\n");
}

BOOST_AUTO_TEST_CASE(a_site_for_a_path_only_does_not_answer_for_the_others) {
  const auto text = translate_caddyfile("http://a/api {\n status 204 /\n}", {}).text;
  BOOST_TEST(text.find("\thandle {\n\t\t" + not_served + "\t}\n}\n") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(text_outside_the_grammar_is_refused) {
  BOOST_CHECK_THROW(translate_caddyfile("a{\n}", {}), Error);
}

BOOST_AUTO_TEST_SUITE_END()
