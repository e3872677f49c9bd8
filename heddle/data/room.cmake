# Its loops are written for the vectoriser.
set_source_files_properties(${folder}/video/rgb_rows.cc PROPERTIES COMPILE_OPTIONS -O3)
# The damage test with its full number of flips; the fast set has a few of each kind.
if(HEDDLE_TESTS)
  add_test(NAME data_damage COMMAND data_test --gtest_filter=*Damage*)
  set_tests_properties(data_damage PROPERTIES TIMEOUT 1800 LABELS slow ENVIRONMENT HEDDLE_DAMAGE_FLIPS=400)
endif()
