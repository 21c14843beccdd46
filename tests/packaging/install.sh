# `cmake --install`: every file is in its place, the manual pages say what --help says, the completions work, and
# the installed program makes its lab with the recipes that were installed with it.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
prefix=$work/usr
run_command cmake --install "${LABCTL_BUILD:?}" --prefix "$prefix" --strip
expect_status 0
LABCTL=$prefix/bin/labctl
share=$prefix/share/labctl
export LABCTL_STATE_DIR=$work/state

for file in bin/labctl-agent lib/systemd/user/labctl-tunnels@.service share/doc/labctl/{copyright,README.md,changelog.gz} \
  share/doc/labctl/docs/contract.md share/doc/labctl/examples/example.yaml \
  share/labctl/{setup,setup.d/prune,lab/node/init,go/consul/go.mod}; do
  expect_file "$prefix/$file"
done
expect_no_file "$share/setup.d/libssh2.sh"

# Manual pages: one for each command, without a warning, with every word that begins a line of --help.
for program in labctl labctl-agent; do
  "$prefix/bin/$program" --help > "$work/help"
  commands=$(sed -n '/^Subcommands:/,$s/^  \([a-z-]*\) .*/\1/p' "$work/help")
  [ -n "$commands" ] || fail "no commands in $program --help"
  for verb in "" $commands; do
    page=$prefix/share/man/man1/$program${verb:+-$verb}.1.gz
    [ "$program" = labctl ] || page=$prefix/share/man/man1/$program.1.gz
    expect_file "$page"
    # A terminal that is wide enough for every line.
    run_command env LC_ALL=C.UTF-8 MANWIDTH=200 MANROFFSEQ='' man --warnings --encoding=UTF-8 --local-file "$page"
    expect_status 0
    expect_equal "" "$err" "warnings of $page"
    col -b < "$work/out" | tr -s ' \n' ' ' > "$work/page"
    # shellcheck disable=SC2086  # the program alone, or a command of it
    "$prefix/bin/$program" $verb --help | sed -n '/^  /{s/^ *//;s/  .*//;p}' > "$work/words"
    [ -s "$work/words" ] || fail "no options in $program $verb --help"
    while IFS= read -r words; do
      # CLI11 2.4 writes " [default]" in --help; the pages have "=default" on every machine.
      with_default=$(sed -E 's/ \[([^]]*)\] *$/=\1/' <<< "$words")
      grep -qF -e "$words" -e "$with_default" "$work/page" || fail "$page does not have '$words' of --help"
    done < "$work/words"
  done
done

# Completions.
bash_script=$prefix/share/bash-completion/completions/labctl
run_command bash -n "$bash_script"
expect_status 0
run_command zsh -n "$prefix/share/zsh/vendor-completions/_labctl"
expect_status 0
run_command fish --no-execute "$prefix/share/fish/vendor_completions.d/labctl.fish"
expect_status 0
expect_completion() {
  run_command bash -c '. "$1"; COMP_WORDS=(labctl lab u); COMP_CWORD=2; _labctl; echo "${COMPREPLY[*]}"' bash "$bash_script"
  expect_equal up "$out" "what bash makes of 'labctl lab u'"
  run_command zsh -fc 'autoload -Uz compinit; compinit -D; fpath=($1 $fpath); autoload -Uz _labctl
    compadd() { print -- "${@:#(--|up)}" "${(M)@:#up}" }; words=(labctl lab u) CURRENT=3 _labctl' zsh "$prefix/share/zsh/vendor-completions"
  expect_output " up"
  run_command env HOME="$work" fish --no-config -c "source $prefix/share/fish/vendor_completions.d/labctl.fish; complete -C 'labctl lab u'"
  expect_equal up "$out" "what fish makes of 'labctl lab u'"
}
expect_completion

# The installed recipes are complete, and make what those of the checkout make.
run_command "$share/setup" --check --os bookworm --os trixie
expect_status 0
expect_output "images           ready"

# lab up runs them: a set-up that fails ends it, and an interrupt ends both.
mkdir "$work/share"
export LABCTL_SHARE_DIR=$work/share
printf '#!/bin/sh\necho "setup $*"\nexit 1\n' > "$work/share/setup"
chmod +x "$work/share/setup"
run lab up --name packaged --os core2=trixie
expect_status 3
expect_equal "" "$out" stdout
expect_error "setup --os bookworm --os trixie"
expect_error "$work/share/setup --os bookworm --os trixie: failed"
run lab down --name packaged
expect_status 0

mkfifo "$work/started"
printf '#!/bin/sh\ntrap "echo ended >%s; exit 130" TERM\necho >%s\nsleep 60 &\nwait\n' "$work/ended" "$work/started" \
  > "$work/share/setup"
"$LABCTL" lab up --name packaged > "$work/log" 2>&1 &
pid=$!
read -r < "$work/started"
kill -INT "$pid"
wait "$pid"
expect_equal 130 "$?" "exit status after SIGINT"
expect_equal ended "$(cat "$work/ended")" "what set-up did when labctl was interrupted"
expect_no_file "$LABCTL_STATE_DIR/labs/packaged"
