"""``python -m wenzhai``: the same as ``wenzhai``."""

from .cli import main

if __name__ == "__main__":
    main()
