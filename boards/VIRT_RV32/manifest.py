# VIRT_RV32 freezes blinkcode and nothing else; `blinkcode firmware` fills in the options where it must.
include(options.firmware or "../../firmware/manifest.py", board="VIRT_RV32", prepared=options.prepared)
