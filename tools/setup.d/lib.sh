# Shared by the parts of tools/setup. A part is a file tools/setup.d/NAME.sh that defines
#   needs="OTHER..."     parts that must be ready first
#   about="..."          what the part makes, for messages
#   advice="..."         what to try when it fails
#   part_inputs          prints the paths and strings the result depends on
#   part_result          prints the path of the result in the cache, which has the key in its name
#   part_build           makes it as $scratch/result; runs in the fresh folder $scratch
#   part_link            prints the path of a link to the current result, if there is one
# A part whose result is not in the cache defines part_ready and part_build only.

tools_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
images_dir=$tools_dir/lab/images

# An installed labctl has the recipes of the lab only.
in_checkout() { [ -d "$tools_dir/libssh2" ]; }

# The folder for results that are slow to make, as described in base/paths.hpp.
cache_dir() {
  if [ -n "${LABCTL_CACHE_DIR:-}" ]; then
    printf '%s\n' "$LABCTL_CACHE_DIR"
  elif [ "$(id -u)" = 0 ]; then
    echo /var/cache/labctl
  elif [ -n "${XDG_CACHE_HOME:-}" ]; then
    printf '%s\n' "$XDG_CACHE_HOME/labctl"
  else
    printf '%s\n' "${HOME:?}/.cache/labctl"
  fi
}

cache=$(cache_dir)

# A normal user may use what root has set up already.
if [ "$(id -u)" != 0 ] && [ -z "${LABCTL_CACHE_DIR:-}" ]; then
  shared_cache=/var/cache/labctl
else
  shared_cache=
fi

fail() {
  printf 'tools/setup: %s\n' "$*" >&2
  exit 1
}

# Removes scratch folders. If a root in one still has a mount below it, the mount is detached, and nothing
# behind it is removed.
clear_scratch() {
  local mounted
  awk -v prefix="$cache/scratch." 'index($5, prefix) == 1 { print $5 }' /proc/self/mountinfo | sort -r |
    while read -r mounted; do umount -l "$mounted"; done
  rm -rf --one-file-system "$cache"/scratch.*
}

# Digest of the given paths' content (of folders, every file with its name) and of plain strings.
content_key() {
  local item
  for item; do
    if [ -d "$item" ]; then
      (cd "$item" && find . -type f ! -name '*.pyc' -print0 | LC_ALL=C sort -z | xargs -0r sha256sum)
    elif [ -f "$item" ]; then
      sha256sum < "$item"
    else
      printf '%s\n' "$item"
    fi
  done | sha256sum | cut -c1-16
}

# The key of this part: depends on its inputs and on part_build, but not on comments and messages.
part_key() {
  local inputs
  mapfile -t inputs < <(part_inputs)
  content_key "$(declare -f part_build)" "${inputs[@]}"
}

# Installs what a requirements file with digests names, and nothing else, into the folder $scratch/lib.
install_wheel() {
  python3 -m venv "$scratch/venv"
  "$scratch/venv/bin/pip" --disable-pip-version-check --quiet install --no-deps --require-hashes --only-binary :all: \
    --target "$scratch/lib" --requirement "$1"
}

# Ready: the result exists, and the link to the current result, if the part has one, points to it.
part_ready() {
  local result
  result=$(part_result)
  [ -e "$result" ] || return 1
  ! declare -F part_link > /dev/null || [ "$(part_link)" -ef "$result" ]
}

# Makes `link` point to `target` atomically, so that a reader sees the old or the new result.
point_to() {
  local link=$1 target=$2
  ln -sfn "$target" "$link.new.$$"
  mv -T "$link.new.$$" "$link"
}

# Moves a finished result from the scratch folder to its place in the cache, in one step.
install_result() {
  local from=$1 to=$2
  mkdir -p "$(dirname "$to")"
  rm -rf "$to"
  mv -T "$from" "$to"
}

install_packages() {
  DEBIAN_FRONTEND=noninteractive apt-get --quiet --yes --no-install-recommends --option Acquire::Retries=3 \
    --option DPkg::Lock::Timeout=300 install "$@"
}

part_about() { echo "$about"; }
part_advice() { echo "$advice"; }

# For the stamp of tools/setup: "made RESULT LINK", the result and the link that must point to it, and a line
# "from PATH" for each file or folder that the result depends on.
part_stamp() {
  local input
  declare -F part_result > /dev/null || return 0
  printf 'made %s %s\n' "$(part_result)" "$(if declare -F part_link > /dev/null; then part_link; fi)"
  part_inputs | while IFS= read -r input; do
    [[ $input == /* && $input != *$'\n'* && -e $input ]] && printf 'from %s\n' "$input"
  done
  return 0
}
