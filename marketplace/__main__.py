"""`python -m marketplace <verb>`: what `manage.py` hands over to."""

from marketplace.faces.cli.main import main

if __name__ == "__main__":
    main()
