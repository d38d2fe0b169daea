"""How every page looks and reads: layouts, components, icons, colours, and the two languages."""
