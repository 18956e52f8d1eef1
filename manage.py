#!/usr/bin/env python3
"""Django's usual entry point, the same program as `sportello`."""

from sportello.__main__ import main

if __name__ == "__main__":
    main()
