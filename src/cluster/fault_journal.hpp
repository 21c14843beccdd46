#pragma once

#include "base/durable_lines.hpp"
#include "cluster/fault.hpp"
#include "cluster/run_owner.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::cluster {

// The journals of faults: a file for each run that has something broken, in one folder of the person's (0700,
// files 0600). A line of JSON each:
//   {"version": 1, "inventory": NAME, "nodes": {NODE: ID}, "run": OWNER}     of which cluster and whose; the first line
//   {"enter": 1, "at": SECONDS, "fault": FAULT}                              before the fault is applied
//   {"applied": 1}                                                           no request of ours is under way any more
//   {"strike": 1}                                                            after it was undone
// A line is on the disk before what it announces is done. The run holds a lock of the kernel's on its file
// (fcntl's, of the open file) for as long as it lives; the file is removed when nothing is left in it.

// "faults" in LABCTL_STATE_DIR or, for root, /var/lib/labctl; for others in $XDG_STATE_HOME/labctl or
// ~/.local/state/labctl.
std::filesystem::path fault_folder();

// Node -> Consul's id of it (consul::Client::node_ids), by which a cluster is known again.
using NodeIds = std::map<std::string, std::string>;

struct EnteredFault {
  int number = 0;
  Fault fault;
  std::chrono::system_clock::time_point at;
  bool applied = false;
};

struct JournalText {
  std::string inventory;
  NodeIds nodes;
  RunOwner run;
  std::vector<EnteredFault> open;  // entered and not struck out, in that order

  // Whether one of the nodes is one of these: an id is never given twice.
  bool is_of(const NodeIds& cluster) const;
};

// Error{invalid} with `where` "FILE:LINE". A last line that a crash cut off is left out: what it announces
// was not done.
JournalText parse_fault_journal(std::string_view text, const std::string& where);

// Of a run that is known to have died, whatever the cluster. Looks only.
struct LeftJournal {
  std::filesystem::path file;
  JournalText text;
};
// What does not read is passed over and told by its Error's line in `unreadable`.
std::vector<LeftJournal> left_journals(const std::filesystem::path& folder,
                                       std::vector<std::string>& unreadable);

// One run's journal. Threads may share one.
class FaultJournal {
public:
  // Of this run: the file is made with the first entry.
  explicit FaultJournal(std::filesystem::path folder) : folder_(std::move(folder)) {}
  // That of a dead run, to go on with it; nullptr if there is nothing left in it, or another has it now.
  static std::unique_ptr<FaultJournal> take_over(const std::filesystem::path& file);

  // The number to name it by afterwards.
  int enter(const Fault& fault, const std::string& inventory, const NodeIds& nodes);
  void applied(int number);
  void strike(int number);
  // As it stands in the file.
  JournalText text() const;

private:
  void make_file(const std::string& inventory, const NodeIds& nodes);

  std::filesystem::path folder_;
  mutable std::mutex mutex_;
  std::optional<DurableLines> file_;
  int last_ = 0;
  int open_ = 0;
};

}  // namespace labctl::cluster
