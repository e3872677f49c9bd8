# Bids are one loop over a row of costs that gains from being vectorised.
set_source_files_properties(${folder}/auction.cc PROPERTIES COMPILE_OPTIONS "-O3")
