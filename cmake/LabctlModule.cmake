# labctl_module(NAME SOURCES a.cpp b.cpp [USES base ...] [LIBRARIES target ...])
#
# One folder of src/ (or a part of it that others may use alone) as the static library labctl_NAME. USES are the modules
# it may include from; they must stand above it in src/CMakeLists.txt. The test unit.layers holds every include against
# this relation, its only source.
function(labctl_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_library(labctl_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(labctl_${name} PUBLIC labctl_flags ${ARG_LIBRARIES})
  get_filename_component(folder "${CMAKE_CURRENT_SOURCE_DIR}" NAME)
  set_property(TARGET labctl_${name} PROPERTY LABCTL_FOLDER "${folder}")
  set(used_folders "")
  foreach(used IN LISTS ARG_USES)
    if(NOT TARGET labctl_${used})
      message(FATAL_ERROR "src/${name} uses ${used}, which is not below it: see src/CMakeLists.txt")
    endif()
    target_link_libraries(labctl_${name} PUBLIC labctl_${used})
    get_property(used_folder TARGET labctl_${used} PROPERTY LABCTL_FOLDER)
    list(APPEND used_folders "${used_folder}")
  endforeach()
  string(JOIN "," used_folders ${used_folders})
  set_property(GLOBAL APPEND PROPERTY LABCTL_LAYERS "${folder}=${used_folders}")
endfunction()
