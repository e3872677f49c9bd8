# Where an installed Python package lies whose C++ headers and libraries we link with.
#
#   heddle_wheel(<package> <variable> <file it must hold> <result>)
#
# Looks at the cache variable, then the environment variable of that name, then the project's .venv; stops the
# configuration, and says what to do, if the package is not there.
function(heddle_wheel package variable marker result)
  set(${variable} "" CACHE PATH "A ${package} package folder to link with (default: the one in .venv)")
  set(root "${${variable}}")
  if(NOT root AND DEFINED ENV{${variable}})
    set(root "$ENV{${variable}}")
  endif()
  if(NOT root)
    file(GLOB in_venv ${CMAKE_SOURCE_DIR}/.venv/lib/python3*/site-packages/${package})
    if(in_venv)
      list(GET in_venv 0 root)
    endif()
  endif()
  if(NOT root OR NOT EXISTS ${root}/${marker})
    message(FATAL_ERROR "No ${package} package found (looked at '${root}'): run 'make setup', or set ${variable} to the "
                        "folder that holds ${package}/__init__.py.")
  endif()
  set(${result} ${root} PARENT_SCOPE)
endfunction()
