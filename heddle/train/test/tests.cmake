target_sources(train_test PRIVATE ${folder}/test/small_run.cc ${CMAKE_SOURCE_DIR}/heddle/mixture/test/small_dataset.cc)
