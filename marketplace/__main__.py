"""`python -m marketplace <verb>`: what `manage.py` hands over to."""

import atexit
import gc

from marketplace.faces.cli.main import main

if __name__ == "__main__":
    atexit.register(gc.freeze)  # what is left goes with the process; no look through it first
    main()
