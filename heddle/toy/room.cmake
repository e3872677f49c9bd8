# The committed study of what moves the analysis most, put into the room as a string.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${folder}/sensitivity.json)
file(READ ${folder}/sensitivity.json sensitivity_json)
configure_file(${folder}/sensitivity.cc.in ${CMAKE_BINARY_DIR}/generated/toy_sensitivity.cc @ONLY)
target_sources(${target} PRIVATE ${CMAKE_BINARY_DIR}/generated/toy_sensitivity.cc)
