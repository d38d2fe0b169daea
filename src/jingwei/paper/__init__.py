"""What goes on paper: rule books, posters, certificates and rotas, made as PDF with real text."""
