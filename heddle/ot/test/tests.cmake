# Ours against Python Optimal Transport.
add_executable(ot_peer_probe ${folder}/test/peer_probe.cc)
target_link_libraries(ot_peer_probe PRIVATE heddle_flags ${target} nlohmann_json::nlohmann_json)
heddle_use_torch_pch(ot_peer_probe)
find_package(Python3 3.10 REQUIRED COMPONENTS Interpreter)
add_test(NAME ot_pot_peer COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tools/peers.py pot
  ${folder}/test/pot_peer.py $<TARGET_FILE:ot_peer_probe>)
set_tests_properties(ot_pot_peer PROPERTIES LABELS peer TIMEOUT 900 SKIP_RETURN_CODE 77)
