"""What people and programs see: pages, public site, command line."""
