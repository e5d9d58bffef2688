# The cache folder that `./lab setup` fills with library headers, sources and toolchains.
if(DEFINED ENV{LOGIT_LAB_CACHE})
  set(LAB_CACHE $ENV{LOGIT_LAB_CACHE})
elseif(DEFINED ENV{XDG_CACHE_HOME})
  set(LAB_CACHE $ENV{XDG_CACHE_HOME}/logit-lab)
else()
  set(LAB_CACHE $ENV{HOME}/.cache/logit-lab)
endif()
