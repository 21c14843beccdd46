# Read by cpack before it begins: SOURCE_DATE_EPOCH is the time of the commit, unless the caller has set it.
if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})
  execute_process(COMMAND git -c "safe.directory=${CPACK_LABCTL_SOURCE}" -C "${CPACK_LABCTL_SOURCE}" log -1 --format=%ct
    OUTPUT_VARIABLE time OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${CPACK_LABCTL_SOURCE} is no git checkout: set SOURCE_DATE_EPOCH, the time of its last change")
  endif()
  set(ENV{SOURCE_DATE_EPOCH} "${time}")
endif()
