# Under a sanitizer on a busy machine it takes minutes.
set_tests_properties(data PROPERTIES TIMEOUT 600)

# The damage test with its full number of flips; the fast set has a few of each kind.
add_test(NAME data_damage COMMAND data_test --gtest_filter=Samples/Damage*)
set_tests_properties(data_damage PROPERTIES TIMEOUT 1800 LABELS slow ENVIRONMENT HEDDLE_DAMAGE_FLIPS=400)

# A recorder that is made to be killed, its driver, and the comparison with the library that defined the format.
add_executable(data_recorder ${folder}/test/kill/recorder.cc)
target_link_libraries(data_recorder PRIVATE heddle_flags ${target})

add_executable(data_kill_test ${folder}/test/kill/kill_test.cc)
target_link_libraries(data_kill_test PRIVATE heddle_flags ${target} GTest::gmock GTest::gtest_main)
target_compile_definitions(data_kill_test PRIVATE HEDDLE_RECORDER="$<TARGET_FILE:data_recorder>")
add_dependencies(data_kill_test data_recorder)
add_test(NAME data_kill COMMAND data_kill_test)
set_tests_properties(data_kill PROPERTIES TIMEOUT 600)
add_test(NAME data_kill_200 COMMAND data_kill_test)
set_tests_properties(data_kill_200 PROPERTIES LABELS slow TIMEOUT 1800 ENVIRONMENT HEDDLE_KILLS=200)

find_package(Python3 3.10 REQUIRED COMPONENTS Interpreter)
add_test(NAME data_writer_peer COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tools/peers.py lerobot
  ${folder}/test/peer/writer_peer.py $<TARGET_FILE:data_recorder>)
set_tests_properties(data_writer_peer PROPERTIES LABELS peer TIMEOUT 1800 SKIP_RETURN_CODE 77)
