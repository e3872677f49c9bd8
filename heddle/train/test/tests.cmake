set(stand_ins ${CMAKE_SOURCE_DIR}/heddle/mixture/test)
target_sources(train_test PRIVATE
  ${folder}/test/small_run.cc ${stand_ins}/small_dataset.cc ${stand_ins}/kitchen_stand_ins.cc)
