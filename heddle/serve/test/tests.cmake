# What tests from outside serve: a checkpoint that no training has made.
add_executable(serve_make_checkpoint ${folder}/test/make_checkpoint.cc)
target_link_libraries(serve_make_checkpoint PRIVATE heddle_flags ${target})
heddle_use_torch_pch(serve_make_checkpoint)

find_package(Python3 3.10 REQUIRED COMPONENTS Interpreter)
add_test(NAME serve_checkpoint_files
  COMMAND Python3::Interpreter ${folder}/test/checkpoint_files_test.py $<TARGET_FILE:serve_make_checkpoint>)
set_tests_properties(serve_checkpoint_files PROPERTIES TIMEOUT 60)
