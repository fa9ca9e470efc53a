"""公示网站: a static site of all that was published, made of views and published files and of nothing else.

It needs no server, no network and no script to be read; links are relative, so that it also works from a file share.
`model` says what goes in, `build` makes the files one after the other; the same model gives the same bytes.
"""
