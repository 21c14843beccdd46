# labctl_module(NAME SOURCES a.cpp b.cpp [USES base ...] [LIBRARIES target ...])
#
# One folder of src/ as the static library labctl_NAME. USES are the folders it may include from; they must stand above
# it in src/CMakeLists.txt. The test unit.layers holds every include against this relation, its only source.
function(labctl_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_library(labctl_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(labctl_${name} PUBLIC labctl_flags ${ARG_LIBRARIES})
  foreach(used IN LISTS ARG_USES)
    if(NOT TARGET labctl_${used})
      message(FATAL_ERROR "src/${name} uses ${used}, which is not below it: see src/CMakeLists.txt")
    endif()
    target_link_libraries(labctl_${name} PUBLIC labctl_${used})
  endforeach()
  string(JOIN "," used_names ${ARG_USES})
  set_property(GLOBAL APPEND PROPERTY LABCTL_LAYERS "${name}=${used_names}")
endfunction()
