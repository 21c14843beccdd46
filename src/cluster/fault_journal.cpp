#include "cluster/fault_journal.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

namespace labctl::cluster {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using WallClock = std::chrono::system_clock;

constexpr std::string_view ending = ".journal";

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

struct flock whole_file() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

std::string suffix(int number) { return number == 1 ? "" : fmt::format("-{}", number); }

bool try_lock(int fd) {
  auto lock = whole_file();
  return ::fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

bool is_locked(int fd) {
  auto lock = whole_file();
  return ::fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

// False if the previous lock holder has removed the file.
bool is_there(int fd) {
  struct stat seen {};
  return ::fstat(fd, &seen) == 0 && seen.st_nlink > 0;
}

}  // namespace

fs::path fault_folder() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (::geteuid() == 0 || std::getenv("LABCTL_STATE_DIR") != nullptr) return state_dir() / "faults";
  if (state != nullptr && state[0] == '/') return fs::path(state) / "labctl/faults";
  return home_dir() / ".local/state/labctl/faults";
}

bool JournalText::is_of(const NodeIds& cluster) const {
  return std::any_of(nodes.begin(), nodes.end(), [&](const auto& mine) {
    return !mine.second.empty() && std::any_of(cluster.begin(), cluster.end(), [&](const auto& other) {
      return other.second == mine.second;
    });
  });
}

JournalText parse_fault_journal(std::string_view text, const std::string& where) {
  JournalText journal;
  int number = 0;
  for (const auto line : whole_lines(text)) {
    const auto here = fmt::format("{}:{}", where, ++number);
    const auto same = [](int wanted) {
      return [wanted](const EnteredFault& one) { return one.number == wanted; };
    };
    try {
      const auto json = nlohmann::json::parse(line);
      if (number == 1) {
        if (json.at("version") != 1)
          throw Error(Kind::invalid, "a journal of another version of labctl", here);
        journal.inventory = json.at("inventory");
        journal.nodes = json.at("nodes").get<NodeIds>();
        journal.run = parse_run_owner(json.at("run").dump(), here);
      } else if (json.contains("enter")) {
        const auto at = WallClock::time_point(std::chrono::seconds(json.at("at").get<long>()));
        journal.open.push_back({json.at("enter"), parse_fault(json.at("fault"), here), at, false});
      } else if (json.contains("applied")) {
        for (auto& one : journal.open) one.applied = one.applied || one.number == json.at("applied");
      } else {
        std::erase_if(journal.open, same(json.at("strike")));
      }
    } catch (const nlohmann::json::exception& e) {
      throw Error(Kind::invalid, std::string("not a line of a journal of faults: ") + e.what(), here);
    }
  }
  if (number == 0) throw Error(Kind::invalid, "a journal without a first line", where);
  return journal;
}

std::vector<LeftJournal> left_journals(const fs::path& folder, std::vector<std::string>& unreadable) {
  std::vector<LeftJournal> left;
  std::error_code none;  // usually the folder does not exist
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    const auto& file = entry.path();
    if (file.filename().string().starts_with('.') || file.extension() != ending) continue;
    const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!fd || is_locked(fd.get())) continue;
    try {
      auto text = parse_fault_journal(read_file(file), file);
      if (is_there(fd.get())) left.push_back({file, std::move(text)});
    } catch (const Error& e) {
      if (e.kind() != Kind::not_found) unreadable.push_back(e.line());
    }
  }
  return left;
}

std::unique_ptr<FaultJournal> FaultJournal::take_over(const fs::path& file) {
  auto journal = std::make_unique<FaultJournal>(file.parent_path());
  try {
    journal->file_.emplace(file, 0600, O_NOFOLLOW);
  } catch (const Error&) {
    if (!fs::exists(file)) return nullptr;
    throw;
  }
  if (!try_lock(journal->file_->fd()) || !is_there(journal->file_->fd())) return nullptr;
  journal->file_->drop_cut_off_line();
  journal->open_ = static_cast<int>(journal->text().open.size());
  if (journal->open_ > 0) return journal;
  fs::remove(file);
  return nullptr;
}

// Creates the file under a hidden name and renames it once it is locked, so that no process takes it for the
// journal of a dead run.
void FaultJournal::make_file(const std::string& inventory, const NodeIds& nodes) {
  make_private_dir(folder_);
  const auto beside = folder_ / fmt::format(".{}.{}.new", inventory, ::getpid());
  fs::remove(beside);  // left by a dead process with the same pid
  DurableLines file(beside, 0600, O_CREAT | O_EXCL);
  if (!try_lock(file.fd())) throw system_error("cannot lock the journal of faults", beside);
  const auto run = Json::parse(to_json_text(this_run()));
  file.append(line_of({{"version", 1}, {"inventory", inventory}, {"nodes", nodes}, {"run", run}}));
  // The name without a suffix may belong to another cluster or to a dead run.
  for (int number = 1; !file.rename(folder_ / fmt::format("{}{}{}", inventory, suffix(number), ending));)
    ++number;
  file_.emplace(std::move(file));
}

int FaultJournal::enter(const Fault& fault, const std::string& inventory, const NodeIds& nodes) {
  const std::lock_guard guard(mutex_);
  if (!file_) make_file(inventory, nodes);
  const auto at = std::chrono::duration_cast<std::chrono::seconds>(WallClock::now().time_since_epoch());
  file_->append(line_of({{"enter", ++last_}, {"at", at.count()}, {"fault", to_json(fault)}}));
  ++open_;
  return last_;
}

void FaultJournal::applied(int number) {
  const std::lock_guard guard(mutex_);
  file_->append(line_of({{"applied", number}}));
}

void FaultJournal::strike(int number) {
  const std::lock_guard guard(mutex_);
  file_->append(line_of({{"strike", number}}));
  if (--open_ > 0) return;
  fs::remove(file_->path());
  file_.reset();
  std::error_code in_use;
  fs::remove(folder_, in_use);
}

JournalText FaultJournal::text() const {
  return parse_fault_journal(read_file(file_->path()), file_->path());
}

}  // namespace labctl::cluster
