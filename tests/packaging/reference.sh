# The reference pages of docs/ are what the program says. `cmake --build --preset release --target reference` makes
# them anew.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
mkdir "$work/docs"
run_command "${LABCTL_BUILD:?}/packaging/labctl_manuals" --reference "$work/docs"
expect_status 0
for page in commands.md inventory.md; do
  run_command diff -u "${LABCTL_SOURCE:?}/docs/$page" "$work/docs/$page"
  expect_status 0
done
