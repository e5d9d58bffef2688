# The fonts travel inside the programs: nothing to install, nothing to fetch.
include(embed)
file(GLOB fonts CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/fonts/*.otf ${CMAKE_CURRENT_LIST_DIR}/fonts/*.ttf)
lab_embed(lab_ui lab::fonts_data ui/fonts_data.h ${fonts})
