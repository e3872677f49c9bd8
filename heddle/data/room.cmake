# g++ 12 warns of overlapping copies inside std::string's operator+, where there are none (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(${target} PRIVATE -Wno-restrict)
endif()
