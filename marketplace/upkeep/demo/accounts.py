"""How one signs in to the demo; apart from what makes it, which takes a second to import."""

DEMO_PASSWORD = "walk-the-new-road-2026"  # noqa: S105  shown on the sign-in page of a demo
