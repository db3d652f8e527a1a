"""Parts of the page on drawn listings: the plan, the draws, one draw, one look."""
