# Only a trained policy and its decisions need ATen; the others compile without it.
file(GLOB_RECURSE plain_sources ${folder}/*.cc)
list(FILTER plain_sources EXCLUDE REGEX "/(policy_actor|decided_chunk)\\.cc$")
set_source_files_properties(${plain_sources} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
