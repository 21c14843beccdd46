needs=packages
about="clang-tidy 22, so that every machine finds alike"
advice="see whether pip reaches its index: python3 -m venv /tmp/v && /tmp/v/bin/pip download clang-tidy==22.1.8"

part_inputs() { printf '%s\n' "$parts_dir/clang-tidy.txt"; }

part_result() { echo "$cache/clang-tidy/$(part_key)"; }

part_link() { echo "$cache/clang-tidy/current"; }

# The program and its own headers, without the Python script through which pip would start it.
part_build() {
  install_wheel "$parts_dir/clang-tidy.txt"
  mv "$scratch/lib/clang_tidy/data" "$scratch/result"
  "$scratch/result/bin/clang-tidy" --version
}
