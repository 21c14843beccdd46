needs="consul consul-template stack service"
about="the lab's images, as OCI layout and as registry storage"
advice="remove the folder layers in the cache and run tools/setup again"

layer() (
  part_file=$tools_dir/setup.d/$1.sh
  # shellcheck source=stack.sh
  . "$part_file"
  part_result
)

part_inputs() {
  printf '%s\n' "$(layer stack)" "$(layer service)" "$(layer consul)" "$(layer consul-template)" \
    "$images_dir/pack" "$images_dir/images.json" "$tools_dir/lab/service/app"
}

part_result() { echo "$cache/images/$(part_key)"; }

part_link() { echo "$cache/images/current"; }

part_build() {
  "$images_dir/pack" --cache "$cache" "$scratch/result" "stack=$(layer stack)" "service=$(layer service)"
}
