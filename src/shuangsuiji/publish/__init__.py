"""What the public gets: notices (`notices`) and the result table (`table`), made from the types of `bundle.public`."""
