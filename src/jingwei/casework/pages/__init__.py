"""What is shown of cases: to whoever asked, by her code, and to the posts that see them."""
