# Under a sanitizer on a busy machine it takes minutes.
set_tests_properties(eval PROPERTIES TIMEOUT 900)
