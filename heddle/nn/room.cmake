# The same kernels for each instruction set; which one runs is decided when the program starts.
set(kernel_flags -O3 -ffp-contract=fast)
set_source_files_properties(${folder}/mlp_kernels_baseline.cc PROPERTIES COMPILE_OPTIONS "${kernel_flags}")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set_source_files_properties(${folder}/mlp_kernels_avx2.cc PROPERTIES
    COMPILE_OPTIONS "${kernel_flags};-march=x86-64-v3")
  set_source_files_properties(${folder}/mlp_kernels_avx512.cc PROPERTIES
    COMPILE_OPTIONS "${kernel_flags};-march=x86-64-v4;-mprefer-vector-width=512")
else()
  set_source_files_properties(${folder}/mlp_kernels_avx2.cc ${folder}/mlp_kernels_avx512.cc PROPERTIES
    HEADER_FILE_ONLY ON)
endif()
# The stack of small nets and its kernels know nothing of ATen.
file(GLOB plain_sources ${folder}/mlp*.cc)
set_source_files_properties(${plain_sources} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
# torch's graph nodes hold a fence, which GCC warns that the thread sanitizer does not see; it stands in their header.
if("thread" IN_LIST HEDDLE_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set_source_files_properties(${folder}/group_norm_silu.cc ${folder}/linear_product.cc PROPERTIES
    COMPILE_OPTIONS "-Wno-tsan")
endif()
