set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

# GCC 12 destroys an aggregate temporary of a co_await expression twice.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    message(FATAL_ERROR
        "GCC ${CMAKE_CXX_COMPILER_VERSION} miscompiles coroutines. Use clang-19 "
        "(cmake --preset release) or GCC 13 and later.")
endif()

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

# A precompiled header is cacheable only when its own time stamp is left out of it.
find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
        "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime" ${CCACHE})
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
    find_program(LLD NAMES ld.lld-19 ld.lld)
    if(LLD)
        add_link_options("--ld-path=${LLD}")
    endif()
endif()

set(MEMORYPRO_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, e.g. address,undefined")
if(MEMORYPRO_SANITIZE)
    add_compile_options(-fsanitize=${MEMORYPRO_SANITIZE} -fno-sanitize-recover=all -O1
        -fno-omit-frame-pointer -gline-tables-only)
    add_link_options(-fsanitize=${MEMORYPRO_SANITIZE})
endif()

add_compile_options(-fstack-protector-strong)
if(CMAKE_BUILD_TYPE MATCHES "Rel" AND NOT MEMORYPRO_SANITIZE)
    add_compile_definitions(_FORTIFY_SOURCE=2)
endif()
# One code model for library and programs, so that they can share the precompiled header.
add_compile_options(-fPIE)
add_link_options(-pie -Wl,-z,relro,-z,now -Wl,--as-needed)

# Warnings are errors in our own code; library headers are system headers.
add_library(memorypro_warnings INTERFACE)
target_compile_options(memorypro_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
