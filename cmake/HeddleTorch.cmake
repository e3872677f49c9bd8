# The target heddle_torch: headers and libraries of the user's own torch package, CPU or CUDA.
#
# The package's own CMake files are not used: they look for a CUDA toolkit and take seconds; all that linking needs is
# below. Which torch: HEDDLE_TORCH (cache variable or environment), else the one in the project's .venv.
include(HeddleWheel)
heddle_wheel(torch HEDDLE_TORCH include/ATen/ATen.h torch_root)

add_library(heddle_torch INTERFACE)
target_include_directories(heddle_torch SYSTEM INTERFACE
  ${torch_root}/include ${torch_root}/include/torch/csrc/api/include)
# A CUDA torch needs libraries that the linker has no business to look for: they are found when the program starts.
target_link_options(heddle_torch INTERFACE -Wl,-rpath,${torch_root}/lib -Wl,--allow-shlib-undefined)
# --no-as-needed: the kernels register themselves when their library is loaded, though no symbol of theirs is named.
target_link_libraries(heddle_torch INTERFACE -Wl,--no-as-needed)
foreach(name c10 torch_cpu torch c10_cuda torch_cuda)
  if(EXISTS ${torch_root}/lib/lib${name}.so)
    target_link_libraries(heddle_torch INTERFACE ${torch_root}/lib/lib${name}.so)
  endif()
endforeach()
target_link_libraries(heddle_torch INTERFACE -Wl,--as-needed)
file(GLOB torch_omp ${torch_root}/lib/libgomp*.so*)
if(torch_omp)
  target_link_libraries(heddle_torch INTERFACE ${torch_omp})
endif()

file(STRINGS ${torch_root}/version.py torch_version_line REGEX "^__version__")
string(REGEX REPLACE ".*'(.*)'.*" "\\1" HEDDLE_TORCH_VERSION "${torch_version_line}")
message(STATUS "torch ${HEDDLE_TORCH_VERSION} from ${torch_root}")

# One precompiled header for every target that includes ATen: REUSE_FROM it through heddle_use_torch_pch().
function(heddle_use_torch_pch target)
  if(NOT TARGET heddle_torch_pch)
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/torch_pch.cc CONTENT "" @ONLY)
    add_library(heddle_torch_pch OBJECT ${CMAKE_BINARY_DIR}/torch_pch.cc)
    target_link_libraries(heddle_torch_pch PUBLIC heddle_torch heddle_flags)
    target_precompile_headers(heddle_torch_pch PRIVATE <ATen/ATen.h> <torch/csrc/autograd/autograd.h>)
  endif()
  # g++ takes a precompiled header only where position independence is the same: executables get the libraries' -fPIC.
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "EXECUTABLE")
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(${target} PRIVATE -fPIC)
  endif()
  target_precompile_headers(${target} REUSE_FROM heddle_torch_pch)
endfunction()
