"""The command line: `postroom …` or `python -m postroom …`."""


def main() -> None:
    from postroom.faces.cli.main import app

    app()


if __name__ == "__main__":
    main()
