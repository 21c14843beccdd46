needs=packages
about="clang-format 14, so that every machine formats alike"
advice="see whether pip reaches its index: python3 -m venv /tmp/v && /tmp/v/bin/pip download clang-format==14.0.6"

part_inputs() { printf '%s\n' "$parts_dir/clang-format.txt"; }

part_result() { echo "$cache/clang-format/$(part_key)"; }

part_link() { echo "$cache/clang-format/current"; }

# Only the program itself, without the Python script through which pip would start it.
part_build() {
  install_wheel "$parts_dir/clang-format.txt"
  mkdir -p "$scratch/result"
  mv "$scratch/lib/clang_format/data/bin/clang-format" "$scratch/result/clang-format"
  "$scratch/result/clang-format" --version
}
