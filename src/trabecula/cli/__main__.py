"""`python -m trabecula.cli` is `trabecula`."""

from trabecula.cli import main

if __name__ == "__main__":
    main()
