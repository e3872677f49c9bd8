# How every target of ours is compiled: C++20, warnings are errors, ccache and mold when they are there.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(HEDDLE_CCACHE ccache)
if(HEDDLE_CCACHE)
  # The sloppiness is what lets ccache serve files that use a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${HEDDLE_CCACHE})
endif()

add_library(heddle_flags INTERFACE)
target_compile_options(heddle_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Werror -fno-math-errno)
if(HEDDLE_CCACHE)
  target_compile_options(heddle_flags INTERFACE -fpch-preprocess)
endif()
find_program(HEDDLE_MOLD mold)
if(HEDDLE_MOLD)
  target_link_options(heddle_flags INTERFACE -fuse-ld=mold)
endif()

foreach(sanitizer IN LISTS HEDDLE_SANITIZE)
  target_compile_options(heddle_flags INTERFACE -fsanitize=${sanitizer} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(heddle_flags INTERFACE -fsanitize=${sanitizer})
endforeach()

# A file that includes ATen takes up to 1.5 GB to compile: never more of them at once than memory bears.
cmake_host_system_information(RESULT memory_mb QUERY TOTAL_PHYSICAL_MEMORY)
cmake_host_system_information(RESULT cores QUERY NUMBER_OF_LOGICAL_CORES)
math(EXPR jobs_by_memory "${memory_mb} / 2000")
if(jobs_by_memory LESS 1)
  set(jobs_by_memory 1)
endif()
if(jobs_by_memory GREATER cores)
  set(jobs_by_memory ${cores})
endif()
set_property(GLOBAL PROPERTY JOB_POOLS heavy=${jobs_by_memory})
set(CMAKE_JOB_POOL_COMPILE heavy)
