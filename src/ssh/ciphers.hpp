#pragma once

namespace labctl::ssh {

// The ciphers offered to a node, best first, as libssh2_session_method_pref() takes them: what carries most on this
// processor with the libssh2 we are linked to. All of them are authenticated or used with a MAC.
const char* preferred_ciphers();

}  // namespace labctl::ssh
