"""Parts of the pages people work with at a desk."""
