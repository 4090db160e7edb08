# FROZEN_MANIFEST replaces the port's own manifest, so that one comes first, then blinkcode.
# `blinkcode firmware` fills in the options where it must.
include("$(PORT_DIR)/boards/manifest.py")
include(options.firmware or "../../firmware/manifest.py", board="ESP32_GENERIC_C6", prepared=options.prepared)
