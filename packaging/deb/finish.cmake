# Run by cpack when all files are installed: adds the changelog of the package, sets every mode and date.
set(epoch "$ENV{SOURCE_DATE_EPOCH}")
set(ENV{LC_ALL} C)
execute_process(COMMAND date --utc --rfc-email "--date=@${epoch}" OUTPUT_VARIABLE date
  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
set(changelog "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share/doc/labctl/changelog.Debian")
file(WRITE "${changelog}" "labctl (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) stable; urgency=medium

  * The changes are in changelog.gz.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
execute_process(COMMAND gzip -9n "${changelog}" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND chmod --recursive u=rwX,go=rX "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr"
  COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND find "${CPACK_TEMPORARY_INSTALL_DIRECTORY}" -exec touch --no-dereference "--date=@${epoch}" {} +
  COMMAND_ERROR_IS_FATAL ANY)
