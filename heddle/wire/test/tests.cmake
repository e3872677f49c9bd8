# It counts what is allocated, so it is a program of its own. The fast set has a few rounds, the label fuzz a million.
add_executable(wire_fuzz_test ${folder}/test/fuzz/unpack_fuzz_test.cc)
target_link_libraries(wire_fuzz_test PRIVATE heddle_flags ${target} GTest::gtest_main)
target_compile_definitions(wire_fuzz_test PRIVATE HEDDLE_TESTDATA="${CMAKE_SOURCE_DIR}/testdata")
add_test(NAME wire_fuzz COMMAND wire_fuzz_test)
set_tests_properties(wire_fuzz PROPERTIES TIMEOUT 120)
add_test(NAME wire_fuzz_million COMMAND wire_fuzz_test)
set_tests_properties(wire_fuzz_million PROPERTIES LABELS "slow;fuzz" TIMEOUT 1800
  ENVIRONMENT HEDDLE_FUZZ_ROUNDS=1000000)

# Both halves against the Python library that the protocol comes from.
add_executable(wire_echo_server ${folder}/test/peer/echo_server.cc)
add_executable(wire_asking_client ${folder}/test/peer/asking_client.cc)
find_package(Python3 3.10 REQUIRED COMPONENTS Interpreter)
foreach(half IN ITEMS server client)
  set(program $<IF:$<STREQUAL:${half},server>,wire_echo_server,wire_asking_client>)
  add_test(NAME wire_${half}_peer COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tools/peers.py openpi
    ${folder}/test/peer/${half}_peer.py $<TARGET_FILE:${program}>)
  set_tests_properties(wire_${half}_peer PROPERTIES LABELS peer TIMEOUT 600 SKIP_RETURN_CODE 77)
endforeach()
foreach(program IN ITEMS wire_echo_server wire_asking_client)
  target_link_libraries(${program} PRIVATE heddle_flags ${target})
endforeach()
