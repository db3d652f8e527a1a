"""The demo program: clearly fictional, deterministic, every state of every screen."""

from marketplace.upkeep.demo.load import DEMO_PASSWORD, load_demo

__all__ = ["DEMO_PASSWORD", "load_demo"]
