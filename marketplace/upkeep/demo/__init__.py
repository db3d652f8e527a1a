"""The demo program: clearly fictional, deterministic, every state of every screen."""
