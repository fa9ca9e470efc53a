"""`python -m shuangsuiji`, the same as the command `shuangsuiji`."""

from shuangsuiji.cli import main

if __name__ == "__main__":
    main()
