needs="packages buttervolume"
about="image layer with git, docker-compose, HAProxy and Caddy"
advice="see whether apt reaches its mirrors: apt-get update"
. "$tools_dir/setup.d/debian.inc"

packages=bash,git,openssh-client,docker.io,docker-compose,haproxy,caddy,tini,procps,curl,iproute2,ca-certificates,passwd

part_inputs() {
  printf '%s\n' "$packages" "$(debian_recipe)" "$images_dir/trim" "$images_dir/buttervolume" \
    "$images_dir/buttervolume.txt"
}

part_result() { echo "$cache/layers/stack-$(part_key)"; }

part_build() {
  cp -rL "$cache/buttervolume/current" "$scratch/buttervolume"
  # Of docker.io the containers use the client only: no daemon goes in.
  debian_root bookworm "$scratch/root" "$packages" \
    --dpkgopt='path-exclude=/usr/sbin/dockerd' --dpkgopt='path-exclude=/usr/sbin/docker-proxy' \
    --dpkgopt='path-exclude=/usr/bin/containerd*' --dpkgopt='path-exclude=/usr/sbin/runc' \
    --dpkgopt='path-exclude=/usr/bin/ctr' \
    --customize-hook="copy-in '$scratch/buttervolume' /opt" \
    --customize-hook='chroot "$1" python3 -m compileall -q /opt/buttervolume/lib' \
    --customize-hook='chroot "$1" /opt/buttervolume/bin/buttervolume --version' \
    --customize-hook='ln -s /opt/buttervolume/bin/buttervolume "$1/usr/local/bin/buttervolume"' \
    --customize-hook='chroot "$1" useradd --system --home-dir /home/consul --create-home --shell /bin/bash consul'
  tar --numeric-owner --sort=name -C "$scratch/root" -c . | pack_layer "$scratch/result"
}
