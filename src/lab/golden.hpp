#pragma once

#include "lab/artifacts.hpp"
#include "lab/journal.hpp"
#include "lab/lab.hpp"

#include <set>
#include <string>
#include <vector>

namespace labctl::lab {

// Golden Docker data: dockerd's data root with every image pulled and the volume plugin created. It is
// created once for each Debian release, set of images and plugin, and kept in the cache. Nodes start from it
// and never change it (tools/lab/node/core).

// The releases whose golden data is not in the cache yet.
std::vector<std::string> golden_missing(const std::set<std::string>& oses, const Artifacts& artifacts);

// The name of the golden node that creates it in a lab.
std::string golden_node(const std::string& os);

// Creates golden data with the lab's hub as registry; network namespaces for the golden nodes must exist.
// Waits if another lab creates the same data.
void make_golden(const LabInfo& lab, const std::vector<std::string>& oses, const Artifacts& artifacts,
                 Journal& journal, const Progress& progress);

// Removes the golden data of a release. Error{conflict} if a running node uses it.
void remove_golden(const std::string& os, const Artifacts& artifacts);

}  // namespace labctl::lab
