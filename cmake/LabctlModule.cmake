# labctl_module(NAME SOURCES a.cpp b.cpp [USES base ...] [LIBRARIES target ...])
#
# One folder of src/ as the static library labctl_NAME. USES are the folders below it; the include check
# (tests/layers) reads the same relation from the sources, so both must agree.
function(labctl_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_library(labctl_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(labctl_${name} PUBLIC labctl_flags ${ARG_LIBRARIES})
  foreach(used IN LISTS ARG_USES)
    target_link_libraries(labctl_${name} PUBLIC labctl_${used})
  endforeach()
endfunction()
