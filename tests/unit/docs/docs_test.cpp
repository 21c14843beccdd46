// Checks references: from the code to the documents, between documents, and from documents to files and code.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

const fs::path source_dir = LABCTL_SOURCE_DIR;

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// "4", "4.2" from headings; "9.2.11" from the numbered lists below them.
std::set<std::string> numbers_in(const std::string& document) {
  static const std::regex heading(R"(^#+ (\d+(?:\.\d+)*)\.? )");
  static const std::regex item(R"(^(\d+)\. )");
  std::set<std::string> numbers;
  std::string section;
  std::istringstream lines(document);
  std::smatch match;
  for (std::string line; std::getline(lines, line);) {
    if (std::regex_search(line, match, heading)) {
      section = match[1];
      numbers.insert(section);
    } else if (!section.empty() && std::regex_search(line, match, item)) {
      numbers.insert(section + "." + match[1].str());
    }
  }
  return numbers;
}

// All of "contract 5.1", "contract 1 and 5", "contract 3, 9.1.5".
std::vector<std::string> cited_in(const std::string& text) {
  static const std::regex citation(R"(contract (\d+(?:\.\d+)*(?:(?:, | and )\d+(?:\.\d+)*)*))");
  static const std::regex number(R"(\d+(?:\.\d+)*)");
  std::vector<std::string> cited;
  for (std::sregex_iterator one(text.begin(), text.end(), citation), end; one != end; ++one) {
    const std::string numbers = (*one)[1];
    for (std::sregex_iterator n(numbers.begin(), numbers.end(), number); n != end; ++n)
      cited.push_back(n->str());
  }
  return cited;
}

// Targets of [text](target) that are files of the repository.
std::vector<std::string> links_in(const std::string& document) {
  static const std::regex block(R"re(```[^`]*```)re");
  static const std::regex link(R"(\]\(([^)#:\s]+)(?:#[^)]*)?\))");
  std::vector<std::string> links;
  const auto prose = std::regex_replace(document, block, "");
  for (std::sregex_iterator one(prose.begin(), prose.end(), link), end; one != end; ++one)
    links.push_back((*one)[1]);
  return links;
}

// All files of src, tests and tools that are written by hand.
std::vector<fs::path> written_files() {
  std::vector<fs::path> files;
  for (const auto* folder : {"src", "tests", "tools"}) {
    for (const auto& entry : fs::recursive_directory_iterator(source_dir / folder)) {
      const auto name = entry.path().filename().string();
      if (entry.is_regular_file() && name != "go.sum" && name != "docs_test.cpp")
        files.push_back(entry.path());
    }
  }
  return files;
}

std::vector<fs::path> documents() {
  std::vector<fs::path> files;
  for (const auto& folder : {source_dir, source_dir / "docs"}) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() == ".md") files.push_back(entry.path());
    }
  }
  return files;
}

// All sources of a ctest test's cases: unit.NAME and integration.NAME have a folder, a shell test a file.
std::string sources_of_test(const std::string& test) {
  const auto dot = test.find('.');
  const std::string kind = test.substr(0, dot), name = test.substr(dot + 1);
  const fs::path folder = source_dir / "tests" / kind / name;
  if (!fs::is_directory(folder)) return text_of(source_dir / "tests/integration" / kind / (name + ".sh"));
  std::string text;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".cpp") text += text_of(entry.path());
  }
  return text;
}

constexpr std::array<const char*, 5> endings{"", ".hpp", ".cpp", ".py", ".sh"};

}  // namespace

BOOST_AUTO_TEST_SUITE(docs)

BOOST_AUTO_TEST_CASE(every_cited_number_of_the_contract_is_in_it) {
  const auto numbers = numbers_in(text_of(source_dir / "docs/contract.md"));
  BOOST_TEST(numbers.contains("9.2.11"));
  std::size_t citations = 0;
  for (const auto& file : written_files()) {
    for (const auto& number : cited_in(text_of(file))) {
      ++citations;
      if (!numbers.contains(number)) BOOST_ERROR(file.string() << " cites contract " << number);
    }
  }
  BOOST_TEST(citations > 20);
}

BOOST_AUTO_TEST_CASE(every_link_between_documents_leads_to_a_file) {
  std::size_t links = 0;
  for (const auto& file : documents()) {
    for (const auto& link : links_in(text_of(file))) {
      ++links;
      if (!fs::exists(file.parent_path() / link)) BOOST_ERROR(file.string() << " links to " << link);
    }
  }
  BOOST_TEST(links > 2);
}

// A path without an extension means the files with that name and any extension: `src/ssh/relay`.
BOOST_AUTO_TEST_CASE(every_path_of_the_sources_in_a_document_exists) {
  static const std::regex path(R"re(`((?:src|tests|tools)/[A-Za-z0-9_/.-]+?)(?:\.\*)?`)re");
  std::size_t paths = 0;
  for (const auto& file : documents()) {
    if (file.filename() == "CHANGELOG.md") continue;  // describes earlier versions
    const auto text = text_of(file);
    for (std::sregex_iterator one(text.begin(), text.end(), path), end; one != end; ++one) {
      ++paths;
      const std::string named = (*one)[1];
      const bool there = std::any_of(endings.begin(), endings.end(), [&](const char* ending) {
        return fs::exists(source_dir / (named + ending));
      });
      if (!there) BOOST_ERROR(file.string() << " names " << named);
    }
  }
  BOOST_TEST(paths > 20);
}

// "From `FILE`:" followed by a block of code.
BOOST_AUTO_TEST_CASE(code_that_a_document_quotes_is_in_the_file_it_names) {
  static const std::regex quote(R"re(From `([^`]+)`:\n\n```[a-z]*\n([^`]+)```)re");
  std::size_t quotes = 0;
  for (const auto& file : documents()) {
    const auto text = text_of(file);
    for (std::sregex_iterator one(text.begin(), text.end(), quote), end; one != end; ++one) {
      ++quotes;
      const auto source = text_of(source_dir / (*one)[1].str());
      if (source.find((*one)[2].str()) == std::string::npos)
        BOOST_ERROR(file.string() << " quotes what is not in " << (*one)[1] << ":\n" << (*one)[2]);
    }
  }
  BOOST_TEST(quotes > 5);
}

BOOST_AUTO_TEST_CASE(every_row_of_the_threat_model_and_of_the_fault_table_names_tests_that_exist) {
  static const std::regex named(R"re(`([a-z]+\.[a-z_]+)` `([a-z0-9_]+)`)re");
  for (const auto* document : {"docs/threat-model.md", "docs/fault-table.md"}) {
    std::istringstream lines(text_of(source_dir / document));
    std::size_t rows = 0;
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("| ") || line.starts_with("| What ") || line.starts_with("| ---")) continue;
      ++rows;
      std::size_t tests = 0;
      for (std::sregex_iterator one(line.begin(), line.end(), named), end; one != end; ++one, ++tests) {
        const std::string sources = sources_of_test((*one)[1]);
        const std::string name = (*one)[2];
        const bool there = sources.find("BOOST_AUTO_TEST_CASE(" + name + ")") != std::string::npos ||
                           sources.find("BOOST_FIXTURE_TEST_CASE(" + name + ",") != std::string::npos ||
                           sources.find("# Case " + name + ":") != std::string::npos;
        if (!there) BOOST_ERROR(document << ": " << (*one)[1] << " has no case " << name);
      }
      if (tests == 0) BOOST_ERROR(document << ": no test: " << line);
    }
    BOOST_TEST(rows > 20);
  }
}

BOOST_AUTO_TEST_CASE(citations_and_numbers_are_read_as_people_write_them) {
  const auto cited = cited_in("(contract 5.3, 4.1) and contract 1 and 5; see contract 9.2.11.");
  const std::vector<std::string> expected{"5.3", "4.1", "1", "5", "9.2.11"};
  BOOST_TEST(cited == expected, boost::test_tools::per_element());
  const auto numbers = numbers_in("## 2. Events\n### 2.1 Delivery\n1. one\n2. two\n");
  BOOST_TEST((numbers == std::set<std::string>{"2", "2.1", "2.1.1", "2.1.2"}));
}

// The last column of the guide's table of old messages.
BOOST_AUTO_TEST_CASE(every_finding_that_the_guide_names_has_a_page) {
  static const std::regex row(R"re(\n\|[^\n]*\|((?: `[a-z-]+`,?)+) \|(?=\n))re"), id(R"re(`([a-z-]+)`)re");
  const auto guide = text_of(source_dir / "docs/guide.md"),
             findings = text_of(source_dir / "docs/findings.md");
  std::size_t ids = 0;
  for (std::sregex_iterator one(guide.begin(), guide.end(), row), end; one != end; ++one) {
    const std::string column = (*one)[1];
    for (std::sregex_iterator named(column.begin(), column.end(), id); named != end; ++named) {
      ++ids;
      const std::string name = (*named)[1];
      BOOST_CHECK_MESSAGE(findings.find("\n### " + name + "\n") != std::string::npos,
                          "the guide names " + name);
    }
  }
  BOOST_TEST(ids > 5);
}

BOOST_AUTO_TEST_SUITE_END()
