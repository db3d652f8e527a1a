"""Parts of the pages on links: the queue, the group with its points, the drawing."""
