find_package(Threads REQUIRED)
find_package(CURL REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(PUGIXML REQUIRED IMPORTED_TARGET pugixml)

# yaml-cpp 0.8 names its target yaml-cpp::yaml-cpp, 0.7 (Debian 12) yaml-cpp.
if(NOT TARGET yaml-cpp::yaml-cpp)
  add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)
endif()

# asio is header-only and has no CMake package.
find_path(ASIO_INCLUDE_DIR asio.hpp REQUIRED)
add_library(labctl_asio INTERFACE)
target_include_directories(labctl_asio SYSTEM INTERFACE "${ASIO_INCLUDE_DIR}")
target_compile_definitions(labctl_asio INTERFACE ASIO_NO_DEPRECATED ASIO_SEPARATE_COMPILATION)
target_link_libraries(labctl_asio INTERFACE Threads::Threads)

# libssh2: tools/setup puts a static 1.11 with the patches of tools/libssh2 into the cache. labctl needs the
# functions that they add.
if(NOT LABCTL_LIBSSH2_ROOT)
  if(DEFINED ENV{LABCTL_CACHE_DIR})
    set(_cache "$ENV{LABCTL_CACHE_DIR}")
  elseif(EXISTS /var/cache/labctl/libssh2/current)
    set(_cache /var/cache/labctl)
  else()
    set(_cache "$ENV{HOME}/.cache/labctl")
  endif()
  set(LABCTL_LIBSSH2_ROOT "${_cache}/libssh2/current")
endif()
find_path(LIBSSH2_INCLUDE_DIR libssh2.h HINTS "${LABCTL_LIBSSH2_ROOT}/include" REQUIRED)
find_library(LIBSSH2_LIBRARY NAMES libssh2.a ssh2 HINTS "${LABCTL_LIBSSH2_ROOT}/lib"
  "${LABCTL_LIBSSH2_ROOT}/lib/x86_64-linux-gnu" REQUIRED)
foreach(_name libssh2_channel_open_request LIBSSH2_HOSTKEY_TYPE_CERTIFICATE libssh2_channel_receive_window_limit)
  file(STRINGS "${LIBSSH2_INCLUDE_DIR}/libssh2.h" _found REGEX "${_name}")
  if(NOT _found)
    message(FATAL_ERROR
      "${LIBSSH2_INCLUDE_DIR}/libssh2.h lacks ${_name}, a patch of tools/libssh2: run tools/setup libssh2")
  endif()
endforeach()
add_library(labctl_libssh2 INTERFACE)
target_include_directories(labctl_libssh2 SYSTEM INTERFACE "${LIBSSH2_INCLUDE_DIR}")
target_link_libraries(labctl_libssh2 INTERFACE "${LIBSSH2_LIBRARY}" OpenSSL::SSL OpenSSL::Crypto ZLIB::ZLIB)
