"""What goes to a board: its package, bytecode, ROMFS images, folders for mip."""
