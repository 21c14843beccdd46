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

// The journals of faults: one file per run with active faults, in one folder of the user (0700, files 0600).
// Each line is JSON:
//   {"version": 1, "inventory": NAME, "nodes": {NODE: ID}, "run": OWNER}     cluster and owner; the first line
//   {"enter": 1, "at": SECONDS, "fault": FAULT}                              before the fault is applied
//   {"applied": 1}                                                           no request of ours is pending any more
//   {"strike": 1}                                                            after it was undone
// A line is on disk before its action is done. The run holds a kernel lock on its file (fcntl, open file
// description) during its lifetime; the file is removed when it has no entries left.

// The folder "faults" in LABCTL_STATE_DIR or, for root, /var/lib/labctl; for others in $XDG_STATE_HOME/labctl
// or ~/.local/state/labctl.
std::filesystem::path fault_folder();

// Node -> its Consul id (consul::Client::node_ids), which identifies the cluster.
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

  // Whether the two have a node id in common: ids are globally unique.
  bool is_of(const NodeIds& cluster) const;
};

// Error{invalid} with `where` "FILE:LINE". A last line that a crash cut off is skipped: its action was not
// done.
JournalText parse_fault_journal(std::string_view text, const std::string& where);

// The journal of a dead run, of any cluster. Read-only.
struct LeftJournal {
  std::filesystem::path file;
  JournalText text;
};
// Malformed journals are skipped; the line of their Error is added to `unreadable`.
std::vector<LeftJournal> left_journals(const std::filesystem::path& folder,
                                       std::vector<std::string>& unreadable);

// One run's journal. Threads may share one.
class FaultJournal {
public:
  // The journal of this run: the file is created with the first entry.
  explicit FaultJournal(std::filesystem::path folder) : folder_(std::move(folder)) {}
  // Takes over the journal of a dead run; nullptr if it has no entries, or if another process holds it now.
  static std::unique_ptr<FaultJournal> take_over(const std::filesystem::path& file);

  // Returns the number of the entry for the calls below.
  int enter(const Fault& fault, const std::string& inventory, const NodeIds& nodes);
  void applied(int number);
  void strike(int number);
  // The current content of the file.
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
