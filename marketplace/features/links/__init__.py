"""Links between stores and firms: a suspicion that opens a review and never punishes."""
