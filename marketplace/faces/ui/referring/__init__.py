"""Parts of the pages on leads: the package, its signing, answers, outcomes, who opened what."""
