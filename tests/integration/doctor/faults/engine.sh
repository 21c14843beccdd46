# shellcheck disable=SC2034,SC2154  # shell.sh, faults.sh and these files use each other's variables
# Faults of a node's engine: its socket, the containers of the stack, the volume plugin. Sourced by faults.sh.

plant_docker_down() {
  fault "the engine of core3 is gone" 'in_node core3 -- mv /run/docker.sock.away /run/docker.sock &&
    "$LABCTL" tunnels restart docker_core3'
  on core3 mv /run/docker.sock /run/docker.sock.away
  expect_findings docker-down -- '"core3"'
}

plant_docker_not_permitted() {
  fault "the user is not in the group of the socket of core3" 'in_node core3 -- chgrp docker /run/docker.sock &&
    "$LABCTL" tunnels restart docker_core3'
  on core3 chgrp root /run/docker.sock
  "$LABCTL" tunnels restart docker_core3 >/dev/null 2>&1
  expect_findings docker-not-permitted -- '"core3"' "permission denied"
}

plant_docker_folder() {
  fault "a folder is where the socket of core3 belongs" 'in_node core3 -- rmdir /run/docker.sock &&
    in_node core3 -- mv /run/docker.sock.away /run/docker.sock && "$LABCTL" tunnels restart docker_core3'
  on core3 mv /run/docker.sock /run/docker.sock.away
  on core3 mkdir /run/docker.sock
  expect_findings docker-down -- '"core3"' "it is a directory"
}

plant_docker_silent() {
  fault "the engine of core3 does not answer" 'in_node core3 -- pkill -CONT -x dockerd &&
    "$LABCTL" tunnels restart docker_core3'
  on core3 pkill -STOP -x dockerd
  expect_findings docker-down -- '"core3"'
}

plant_container_not_running() {
  fault "Caddy of core2 is stopped" "start_all cluster_caddy_1"
  on core2 docker stop -t 1 cluster_caddy_1
  expect_findings container-not-running -- "cluster_caddy_1 on core2 is exited"
}

caddy_back() {
  if in_node core2 -- docker container inspect caddy >/dev/null 2>&1; then
    in_node core2 -- docker rm -f cluster_caddy_1
    in_node core2 -- docker rename caddy cluster_caddy_1 || return 1
  fi
  start_all cluster_caddy_1
}
# The pauses between restarts double: after seven restarts a pause is longer than a look.
restarted_seven_times() {
  [[ $(in_node core2 -- docker inspect -f '{{.State.Status}} {{.RestartCount}}' cluster_caddy_1) =~ \
    ^restarting\ ([7-9]|[1-9][0-9])$ ]]
}
plant_container_restarting() {
  fault "Caddy of core2 ends each time that it is started" caddy_back
  on core2 docker stop -t 1 cluster_caddy_1
  on core2 docker rename cluster_caddy_1 caddy
  on core2 docker run -d --name cluster_caddy_1 --restart always --entrypoint false lab/stack
  await 60 "the seventh restart of cluster_caddy_1" restarted_seven_times
  expect_findings container-restarting -- "cluster_caddy_1 on core2 is restarting"
}

# On a node of the lab, the plugin's root is a mount, which Docker takes away with the plugin.
plant_volume_plugin_off() {
  fault "the volume plugin of core2 is disabled" 'in_node core2 -- sh -c "for root in /var/lib/docker/plugins/*/rootfs; do
    mount --bind /run/plugin-root \$root && docker plugin enable anybox/buttervolume:latest && umount /run/plugin-root; done"'
  on core2 sh -c 'mkdir -p /run/plugin-root && mount --bind /var/lib/docker/plugins/*/rootfs /run/plugin-root'
  on core2 docker plugin disable -f anybox/buttervolume:latest
  expect_findings volume-plugin-off -- '"core2"' "the plugin is disabled"
}
