# The damage test with its full number of flips; the fast set has a few of each kind.
add_test(NAME data_damage COMMAND data_test --gtest_filter=Samples/Damage*)
set_tests_properties(data_damage PROPERTIES TIMEOUT 1800 LABELS slow ENVIRONMENT HEDDLE_DAMAGE_FLIPS=400)
