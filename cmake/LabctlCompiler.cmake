# Flags for our own code. Third-party headers are SYSTEM includes, so that only warnings in our own code are
# errors.
add_library(labctl_flags INTERFACE)
target_compile_options(labctl_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wunused -Werror
  # Designated initialisers name only the fields that differ from the defaults; the others are omitted on
  # purpose.
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
  # GCC treats several sources in one file like a header, and so reports types without linkage, which are no
  # problem here. It reports a mismatch between the two halves of asio's allocation of coroutine frames as
  # soon as it sees both. And it reports names that are local here and global in the next source, although
  # they hide nothing; the dev preset, which compiles each file alone, still checks for hidden names.
  target_compile_options(labctl_flags INTERFACE -Wno-subobject-linkage -Wno-mismatched-new-delete -Wno-shadow)
endif()

# -O2 takes a quarter longer to compile, -O3 a third longer, and neither makes labctl noticeably faster: the
# ciphers are OpenSSL's, and libssh2 is built with its own flags.
set(CMAKE_CXX_FLAGS_RELEASE "-O1 -DNDEBUG")

if(LABCTL_SANITIZE)
  # A sanitizer's report needs line numbers only; full debug information doubles the build time.
  set(CMAKE_CXX_FLAGS_DEBUG "-g1")
  if(LABCTL_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # ThreadSanitizer does not model asio's fences. What asio passes between threads is also ordered by its
    # mutexes, which ThreadSanitizer does model.
    add_compile_options(-Wno-tsan)
  endif()
  add_compile_options(-fsanitize=${LABCTL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${LABCTL_SANITIZE})
  if(LABCTL_SANITIZE MATCHES "undefined")
    # The vptr check opens a pipe to find out whether memory is readable, and reports "not an object" if no
    # descriptor is left: a test that uses up all descriptors on purpose could not run.
    add_compile_options(-fno-sanitize=vptr)
  endif()
endif()

# All checkouts of this project share one compiler cache: the path of the checkout is not part of its keys.
find_program(CCACHE ccache)
if(CCACHE)
  set(launcher "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1 "${CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${launcher}")
  set(CMAKE_C_COMPILER_LAUNCHER "${launcher}")
endif()
