# Resizing is loops over bytes that gain from being vectorised.
set_source_files_properties(${folder}/resize.cc PROPERTIES COMPILE_OPTIONS "-O3")
# Only these need ATen; the others compile without it.
file(GLOB plain_sources ${folder}/*.cc ${folder}/sheet/*.cc ${folder}/test/*.cc)
list(FILTER plain_sources EXCLUDE REGEX "/(batch_buffers|loader|script_picture_encoder|picture_encoder_test)[a-z_]*\\.cc$")
set_source_files_properties(${plain_sources} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
