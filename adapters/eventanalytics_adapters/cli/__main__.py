"""``python -m eventanalytics_adapters.cli``: the command line without its script."""

from eventanalytics_adapters.cli.main import main

if __name__ == "__main__":
    main()
