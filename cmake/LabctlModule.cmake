# labctl_module(NAME SOURCES a.cpp b.cpp [USES base ...] [LIBRARIES target ...])
#
# Builds the folder src/NAME as the static library labctl_NAME. USES are the modules that it may include; they
# must come before it in src/CMakeLists.txt. The test unit.layers compares every include with this relation,
# which is declared only here.
function(labctl_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  if(NOT CMAKE_CURRENT_SOURCE_DIR STREQUAL "${CMAKE_SOURCE_DIR}/src/${name}")
    message(FATAL_ERROR "the module ${name} must be the folder src/${name}, not ${CMAKE_CURRENT_SOURCE_DIR}")
  endif()
  add_library(labctl_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(labctl_${name} PUBLIC labctl_flags ${ARG_LIBRARIES})
  foreach(used IN LISTS ARG_USES)
    if(NOT TARGET labctl_${used})
      message(FATAL_ERROR "src/${name} uses ${used}, which is not below it: see src/CMakeLists.txt")
    endif()
    target_link_libraries(labctl_${name} PUBLIC labctl_${used})
  endforeach()
  string(JOIN "," used ${ARG_USES})
  set_property(GLOBAL APPEND PROPERTY LABCTL_LAYERS "${name}=${used}")
endfunction()
