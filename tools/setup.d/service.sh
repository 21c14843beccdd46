needs=packages
about="image layer with Python, PostgreSQL, sshd and make"
advice="see whether apt reaches its mirrors: apt-get update"
. "$tools_dir/setup.d/debian.inc"

packages=python3,python3-psycopg2,postgresql-15,openssh-server,make,tini,passwd

part_inputs() {
  printf '%s\n' "$packages" "$(debian_recipe)" "$images_dir/trim" "$images_dir/make-cluster-template"
}

part_result() { echo "$cache/layers/service-$(part_key)"; }

part_build() {
  # Just-in-time compilation would bring 120 MB of LLVM for queries of one row.
  debian_root bookworm "$scratch/root" "$packages" \
    --dpkgopt='path-exclude=/usr/lib/x86_64-linux-gnu/libLLVM*' \
    --dpkgopt='path-exclude=/usr/lib/postgresql/15/lib/bitcode/*' \
    --dpkgopt='path-exclude=/usr/lib/postgresql/15/lib/llvmjit*' \
    --setup-hook='mkdir -p "$1/etc/postgresql-common"' \
    --setup-hook='echo "create_main_cluster = false" > "$1/etc/postgresql-common/createcluster.conf"' \
    --customize-hook="'$images_dir/make-cluster-template' \"\$1\""
  tar --numeric-owner --sort=name -C "$scratch/root" -c . | pack_layer "$scratch/result"
}
