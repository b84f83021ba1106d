"""`python -m trabecula` is `trabecula`."""


def main() -> None:
    """Run the command line."""
    from trabecula.cli import main as command

    command()


if __name__ == "__main__":
    main()
