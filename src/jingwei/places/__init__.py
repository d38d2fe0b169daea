"""Where: ground and its layers, boundaries, the codes on the doors."""
