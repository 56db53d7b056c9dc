"""python -m dafeng.cli: the command line without the console script."""

from dafeng.cli.app import main

if __name__ == "__main__":
    main()
