# Its loops are written for the vectoriser.
set_source_files_properties(${folder}/video/rgb_rows.cc PROPERTIES COMPILE_OPTIONS -O3)
