"""The command line: parse, call one verb, render. Nothing heavy is imported at the top of any module here."""

import click

from shuangsuiji import __version__


@click.group()
@click.version_option(__version__, package_name="shuangsuiji")
def main() -> None:
    """双随机、一公开：可复算、可证明的随机抽查。"""
