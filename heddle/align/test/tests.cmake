# The example of the documents, written by the torch that we are built with.
add_executable(align_example_probe ${folder}/test/example_probe.cc)
target_link_libraries(align_example_probe PRIVATE heddle_flags ${target} GTest::gtest)
heddle_use_torch_pch(align_example_probe)
find_package(Python3 3.10 REQUIRED COMPONENTS Interpreter)
cmake_path(GET torch_root PARENT_PATH packages)
add_test(NAME align_example COMMAND Python3::Interpreter ${folder}/test/example_test.py
  ${CMAKE_SOURCE_DIR}/examples/my_alignment.py $<TARGET_FILE:align_example_probe>)
set_tests_properties(align_example PROPERTIES TIMEOUT 120 SKIP_RETURN_CODE 77
  ENVIRONMENT "PYTHONPATH=${packages};OMP_NUM_THREADS=1")
