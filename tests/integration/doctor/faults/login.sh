# shellcheck disable=SC2034,SC2154  # shell.sh, faults.sh and these files use each other's variables
# Faults between this machine and the sshd of a node. Sourced by faults.sh.

plant_node_unreachable() {
  fault "sshd of core3 is stopped (its session goes on)" "in_node core3 -- /usr/sbin/sshd"
  on core3 sh -c 'pid=$(cat /run/sshd.pid); kill "$pid"; tail --pid="$pid" -f /dev/null'
  expect_findings node-unreachable -- '"core3"'
}

# The fault breaks core3's session, so the tunnels are opened again.
plant_node_swallows() {
  fault "core3 swallows what goes to its SSH port" 'in_node core3 -- iptables -D INPUT -p tcp --dport 22 -j DROP &&
    "$LABCTL" tunnels down && "$LABCTL" tunnels up'
  on core3 iptables -I INPUT -p tcp --dport 22 -j DROP
  expect_findings node-no-answer -- '"core3"' "within 5 s"
}

# A stopped sshd accepts connections, and says nothing.
plant_sshd_silent() {
  fault "every sshd of core3 is stopped by a signal" 'in_node core3 -- pkill -CONT -x sshd &&
    "$LABCTL" tunnels down && "$LABCTL" tunnels up'
  on core3 pkill -STOP -x sshd
  expect_findings sshd-silent -- '"core3"'
}

plant_key_refused() {
  fault "core3 forgets our key" "in_node core3 -- mv /home/core/.ssh/away /home/core/.ssh/authorized_keys"
  on core3 mv /home/core/.ssh/authorized_keys /home/core/.ssh/away
  expect_findings key-refused -- '"core3"'
}

plant_identity_missing() {
  fault "the key file is missing" "doctor_options=()"
  copy_client
  rm "$spoilt/id_ed25519"
  expect_findings identity-missing -- "$spoilt/id_ed25519"
}

plant_identity_too_open() {
  fault "the key file is readable by others" "doctor_options=()"
  copy_client
  chmod 644 "$spoilt/id_ed25519"
  expect_findings identity-too-open -- "$spoilt/id_ed25519"
}

plant_key_another() {
  fault "the key is another one" "doctor_options=()"
  copy_client
  rm "$spoilt/id_ed25519"*
  ssh-keygen -q -t ed25519 -N '' -f "$spoilt/id_ed25519"
  expect_findings key-refused -- '"core1"' '"core4"'
}

plant_host_key_unknown() {
  fault "known_hosts has lost core3" "doctor_options=()"
  copy_client
  address=$(core3_address)
  sed -i "/^${address}[, ]/d; /core3/d" "$spoilt/known_hosts"
  expect_findings host-key-unknown -- '"core3"'
}

plant_host_key_changed() {
  fault "known_hosts has another key for core3" "doctor_options=()"
  copy_client
  address=$(core3_address)
  ssh-keygen -q -t ed25519 -N '' -f "$work/other"
  sed -i "/^${address}[, ]/d; /core3/d" "$spoilt/known_hosts"
  echo "$address $(cut -d' ' -f1,2 "$work/other.pub")" >>"$spoilt/known_hosts"
  expect_findings host-key-changed -- '"core3"'
}

plant_identity_encrypted() {
  fault "the key file needs a passphrase" "doctor_options=()"
  copy_client
  ssh-keygen -q -p -P '' -N secret -f "$spoilt/id_ed25519"
  expect_findings identity-encrypted -- "$spoilt/id_ed25519" "ssh-add"
}

# agent [KEY...]: starts an ssh-agent with these keys, which are removed from the copy of the client's files.
agent() {
  copy_client
  sed -i '/^  identity:/d' "$spoilt/inventory.yaml"
  ssh-agent -a "$work/agent" >"$work/agent.env"
  undo='doctor_options=(); unset SSH_AUTH_SOCK; HOME=$home; kill "$(sed -n "s/.*Agent pid \([0-9]*\).*/\1/p" "$work/agent.env")"; rm -f "$work/agent"'
  # shellcheck disable=SC2034  # for the undo
  home=$HOME
  export SSH_AUTH_SOCK=$work/agent HOME=$work
  [ $# -eq 0 ] || ssh-add -q "$@"
}
plant_agent_empty() {
  fault "the agent has no keys" true
  agent
  expect_findings agent-empty -- "$work/agent answers, and lists no key" "ssh-add"
}
plant_key_not_tried() {
  fault "the agent's right key is the seventh" true
  for n in 1 2 3 4 5 6; do
    [ -e "$work/key$n" ] || ssh-keygen -q -t ed25519 -N '' -f "$work/key$n"
  done
  agent "$work"/key[1-6] "$client/id_ed25519"
  expect_findings key-not-tried -- '"core1"' '"core4"' "1 of the agent's 7 keys were not tried"
}

# A new sshd listens when the command returns; the old one's sessions go on.
restart_sshd() { # NODE
  in_node "$1" -- sh -c 'pid=$(cat /run/sshd.pid); kill "$pid"; tail --pid="$pid" -f /dev/null; /usr/sbin/sshd'
}
# sshd_says NODE LINE...: further lines for sshd_config, which sshd reads.
sshd_says() {
  local node=$1
  shift
  on "$node" sh -c 'printf "%s\n" "$@" >/etc/ssh/sshd_config.d/0.conf' sh "$@"
  restart_sshd "$node" || fail "sshd of $node starts"
}
sshd_again="in_node core3 -- rm -f /etc/ssh/sshd_config.d/0.conf && restart_sshd core3"
plant_rsa_refused() {
  # The sshd of Debian 12 lists every algorithm that it knows, not those that it takes, so the doctor cannot tell.
  fault "sshd of core3 takes no RSA, and the key is an RSA key" "$sshd_again;
    in_node core3 -- sed -i '/doctor-rsa/d' /home/core/.ssh/authorized_keys; doctor_options=()"
  copy_client
  rm "$spoilt"/id_ed25519*
  ssh-keygen -q -t rsa -b 2048 -N '' -C doctor-rsa -f "$spoilt/id_ed25519"
  for node in core1 core2 core3 core4; do
    on "$node" sh -c 'echo "$1" >>/home/core/.ssh/authorized_keys' sh "$(cat "$spoilt/id_ed25519.pub")"
  done
  undo+=';for node in core1 core2 core4; do in_node "$node" -- sed -i "/doctor-rsa/d" /home/core/.ssh/authorized_keys; done'
  sshd_says core3 "PubkeyAcceptedAlgorithms ssh-ed25519,ecdsa-sha2-nistp256"
  expect_findings key-refused -- '"core3"' "whether sshd takes RSA keys cannot be told from here"
}
plant_second_factor() {
  fault "sshd of core3 wants a second factor" "$sshd_again"
  sshd_says core3 "AuthenticationMethods publickey,password" "PasswordAuthentication yes"
  expect_findings second-factor -- '"core3"' "password"
}
plant_forwarding_denied() {
  fault "authorized_keys of core3 restricts the key" \
    "in_node core3 -- sed -i 's/^restrict //' /home/core/.ssh/authorized_keys; \"\$LABCTL\" tunnels restart docker_core3"
  on core3 sed -i '1s/^/restrict /' /home/core/.ssh/authorized_keys
  expect_findings forwarding-denied -- '"core3"' "authorized_keys"
}
