# Writes OUT (heddle_commit.h) with the commit of the checkout SOURCE. Run at every build; an unchanged file keeps its
# time, so that nothing is compiled or linked again.
cmake_minimum_required(VERSION 3.25)
find_program(git git)
set(commit "unknown")
set(modified "false")
if(git AND EXISTS ${SOURCE}/.git)
  execute_process(COMMAND ${git} -C ${SOURCE} rev-parse HEAD
    OUTPUT_VARIABLE head OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed ERROR_QUIET)
  if(NOT failed)
    set(commit ${head})
    execute_process(COMMAND ${git} --no-optional-locks -C ${SOURCE} status --porcelain --untracked-files=no
      OUTPUT_VARIABLE changes ERROR_QUIET)
    if(changes)
      set(modified "true")
    endif()
  endif()
endif()
file(CONFIGURE OUTPUT ${OUT} @ONLY CONTENT
"inline constexpr const char* kCommit = \"@commit@\";
inline constexpr bool kModified = @modified@;
")
