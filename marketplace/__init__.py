"""转正 (Zhuanzheng): the original-brand transition marketplace."""
