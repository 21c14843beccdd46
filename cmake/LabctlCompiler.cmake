# Flags for our own code. Foreign headers are SYSTEM includes, so that only our own warnings are errors.
add_library(labctl_flags INTERFACE)
target_compile_options(labctl_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wunused -Werror
  # Designated initialisers name what differs from the defaults; the rest is meant to be left out.
  -Wno-missing-field-initializers)
target_include_directories(labctl_flags INTERFACE "${CMAKE_SOURCE_DIR}/src")

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports accesses that cannot happen in libstdc++ and coroutine frames (GCC bugs 105329, 105593).
  target_compile_options(labctl_flags INTERFACE -Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overflow
    -Wno-array-bounds)
  if(CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
    target_compile_options(labctl_flags INTERFACE -Wno-dangling-reference)
  endif()
endif()

if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Several sources in one file look like a header to GCC: types without linkage in it are no fault then. It
  # takes the two halves of asio's allocation of coroutine frames for a mismatch as soon as it sees them
  # together. And a name that is local here and global in the next source hides nothing; the dev preset, which
  # compiles each alone, still looks.
  target_compile_options(labctl_flags INTERFACE -Wno-subobject-linkage -Wno-mismatched-new-delete -Wno-shadow)
endif()

# -O2 takes a quarter longer to compile, -O3 a third more, and nothing here is bound by either: the ciphers
# are OpenSSL's, and libssh2 is built with its own flags.
set(CMAKE_CXX_FLAGS_RELEASE "-O1 -DNDEBUG")

if(LABCTL_SANITIZE)
  # Line numbers are what a sanitizer's report needs; full debug information doubles the build.
  set(CMAKE_CXX_FLAGS_DEBUG "-g1")
  if(LABCTL_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # asio's fences are not modelled; what it hands between threads is also ordered by its mutexes, which are.
    add_compile_options(-Wno-tsan)
  endif()
  add_compile_options(-fsanitize=${LABCTL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${LABCTL_SANITIZE})
  if(LABCTL_SANITIZE MATCHES "undefined")
    # The check of a virtual table opens a pipe to see whether memory can be read, and takes "no descriptor
    # left" for "not an object": a test that runs out of descriptors on purpose could not run.
    add_compile_options(-fno-sanitize=vptr)
  endif()
endif()

# One compiler cache serves every checkout of this project: paths below the checkout do not count.
find_program(CCACHE ccache)
if(CCACHE)
  set(launcher "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1 "${CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${launcher}")
  set(CMAKE_C_COMPILER_LAUNCHER "${launcher}")
endif()
