"""How the server runs and answers: who it believes, how much it takes at once, what it tells of itself."""
