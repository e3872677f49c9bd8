# Fails when PAGE is not what PROGRAM prints.
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE printed COMMAND_ERROR_IS_FATAL ANY)
set(written "")
if(EXISTS ${PAGE})
  file(READ ${PAGE} written)
endif()
if(NOT printed STREQUAL written)
  message(FATAL_ERROR "docs/reference/options.md is not what the code says: cmake --build build/dev --target options_reference")
endif()
