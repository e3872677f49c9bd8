add_executable(sim_peer_probe ${folder}/test/peer_probe.cc)
target_link_libraries(sim_peer_probe PRIVATE heddle_flags heddle_sim)
find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_test(NAME sim_robosuite_peer
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/peers.py robosuite ${folder}/test/robosuite_peer.py
          $<TARGET_FILE:sim_peer_probe>)
set_tests_properties(sim_robosuite_peer PROPERTIES LABELS peer TIMEOUT 900 SKIP_RETURN_CODE 77)

# Under a sanitizer on a busy machine it takes minutes.
set_tests_properties(sim PROPERTIES TIMEOUT 900)
