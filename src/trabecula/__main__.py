"""`python -m trabecula` is `trabecula`."""

from trabecula.cli import main

if __name__ == "__main__":
    main()
