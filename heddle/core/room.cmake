# The same bits on every machine: no contraction into fused multiply-adds; -O3, as their loops are to vectorise.
set_source_files_properties(${folder}/random_fill.cc ${folder}/portable_math.cc PROPERTIES
  COMPILE_OPTIONS "-O3;-ffp-contract=off")
