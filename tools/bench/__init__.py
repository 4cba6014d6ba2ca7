"""How fast, how large, how heavy: every figure with its goal, measured on the machine at hand (`make bench`)."""
