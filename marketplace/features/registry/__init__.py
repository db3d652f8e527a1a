"""Who is registered: operators, factories, stores, and where each value came from."""
