target_sources(mixture_test PRIVATE ${folder}/test/small_dataset.cc ${folder}/test/kitchen_stand_ins.cc)

# Makes the datasets of recipes/kitchen.yaml.
add_executable(kitchen_stand_ins ${folder}/test/kitchen_stand_ins.cc ${folder}/test/kitchen_main.cc)
target_link_libraries(kitchen_stand_ins PRIVATE heddle_flags ${target})

# The builders of packed files are killed 200 times; the fast set does it a dozen times.
add_test(NAME mixture_kills COMMAND mixture_test --gtest_filter=PackedFileTest.Killed*)
set_tests_properties(mixture_kills PROPERTIES TIMEOUT 600 LABELS slow ENVIRONMENT HEDDLE_PACK_KILLS=200)
set_tests_properties(mixture PROPERTIES TIMEOUT 600)
