# Bids are one loop over a row of costs that gains from being vectorised. (GCC 12 crashes in its pass ipa-cp under
# sanitizers.)
set_source_files_properties(${folder}/auction.cc PROPERTIES COMPILE_OPTIONS "-O3;-fno-ipa-cp")
