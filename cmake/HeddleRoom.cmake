# A room: heddle/<name>/**.cc as the library heddle_<name>, heddle/<name>/test/*_test.cc as the test <name>_test.
#
#   heddle_room(<name> [ATEN | ATEN_TESTS] [SEES <room>...] [LIBS <target>...])
#
# SEES are the rooms that it may include (linked PUBLIC, so what they see is seen too). Rooms are declared in dependency
# order; `rooms.txt` in the build folder says the same to the lint that checks the includes. ATEN: its sources and tests
# include ATen, so they use the precompiled header; ATEN_TESTS: its tests only. What else a room's build needs (flags of a
# single file, a generated source) stands in heddle/<name>/room.cmake, which sees ${target} and ${folder}; tests beside
# <name>_test (slow ones, programs that are killed) in heddle/<name>/test/tests.cmake.
define_property(GLOBAL PROPERTY HEDDLE_ROOM_LIST BRIEF_DOCS "rooms" FULL_DOCS "rooms in order, each name=seen,seen")

# `cmake -DHEDDLE_ROOMS="core;stats"` builds just these rooms; one that sees a room which is left out is an error.
function(heddle_room name)
  cmake_parse_arguments(arg "ATEN;ATEN_TESTS" "" "SEES;LIBS" ${ARGN})
  if(HEDDLE_ROOMS AND NOT name IN_LIST HEDDLE_ROOMS)
    return()
  endif()
  string(JOIN "," seen ${arg_SEES})
  set_property(GLOBAL APPEND PROPERTY HEDDLE_ROOM_LIST "${name}=${seen}")
  set(folder ${CMAKE_SOURCE_DIR}/heddle/${name})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cc)
  list(FILTER sources EXCLUDE REGEX "/test/")
  set(target heddle_${name})
  add_library(${target} STATIC ${sources})
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE heddle_flags PUBLIC ${arg_LIBS})
  foreach(room IN LISTS arg_SEES)
    if(NOT TARGET heddle_${room})
      message(FATAL_ERROR "Room ${name} sees room ${room}, which is not built (HEDDLE_ROOMS is '${HEDDLE_ROOMS}').")
    endif()
    target_link_libraries(${target} PUBLIC heddle_${room})
  endforeach()
  if(arg_ATEN)
    heddle_use_torch_pch(${target})
  endif()
  include(${folder}/room.cmake OPTIONAL)
  file(GLOB tests CONFIGURE_DEPENDS ${folder}/test/*_test.cc)
  if(HEDDLE_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE heddle_flags ${target} GTest::gmock GTest::gtest_main)
    target_compile_definitions(${name}_test PRIVATE HEDDLE_TESTDATA="${CMAKE_SOURCE_DIR}/testdata")
    add_test(NAME ${name} COMMAND ${name}_test)
    set_tests_properties(${name} PROPERTIES TIMEOUT 120)
    if(arg_ATEN OR arg_ATEN_TESTS)
      heddle_use_torch_pch(${name}_test)
      # Small tensors gain nothing from OpenMP's threads, which spin and starve each other when tests run in parallel.
      set_tests_properties(${name} PROPERTIES ENVIRONMENT OMP_NUM_THREADS=1)
    endif()
    include(${folder}/test/tests.cmake OPTIONAL)
  endif()
endfunction()

function(heddle_rooms_done)
  get_property(rooms GLOBAL PROPERTY HEDDLE_ROOM_LIST)
  string(JOIN "\n" text ${rooms})
  file(WRITE ${CMAKE_BINARY_DIR}/rooms.txt "${text}\n")
endfunction()
