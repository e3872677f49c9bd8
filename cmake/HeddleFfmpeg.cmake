# The target heddle_ffmpeg: FFmpeg's libraries, found by pkg-config.
find_package(PkgConfig REQUIRED)
pkg_check_modules(ffmpeg REQUIRED IMPORTED_TARGET libavformat libavcodec libswscale libavutil)
add_library(heddle_ffmpeg INTERFACE)
target_link_libraries(heddle_ffmpeg INTERFACE PkgConfig::ffmpeg)
