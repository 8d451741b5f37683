"""Values in, values out. Imports only itself: no vendor, no clock, no chance, no I/O."""
