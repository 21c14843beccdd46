needs="packages buttervolume"
about="the volume plugin anybox/buttervolume:latest"
advice="see whether apt reaches its mirrors: apt-get update"
. "$tools_dir/setup.d/debian.inc"

packages=python3,btrfs-progs,openssh-server,openssh-client,tini

part_inputs() {
  printf '%s\n' "$packages" "$(debian_recipe)" "$images_dir/trim" "$images_dir/plugin" \
    "$images_dir/buttervolume" "$images_dir/buttervolume.txt"
}

part_result() { echo "$cache/plugin/$(part_key)"; }

part_link() { echo "$cache/plugin/current"; }

part_build() {
  mkdir -p "$scratch/result"
  cp -rL "$cache/buttervolume/current" "$scratch/buttervolume"
  debian_root bookworm "$scratch/result/rootfs" "$packages" \
    --customize-hook="copy-in '$scratch/buttervolume' /opt" \
    --customize-hook='chroot "$1" python3 -m compileall -q /opt/buttervolume/lib' \
    --customize-hook='chroot "$1" /opt/buttervolume/bin/buttervolume --version' \
    --customize-hook="copy-in '$images_dir/plugin/entrypoint' /" \
    --customize-hook="'$images_dir/plugin/slim' \"\$1\""
  cp "$images_dir/plugin/config.json" "$scratch/result/config.json"
}
