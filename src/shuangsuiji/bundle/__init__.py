"""What leaves the workspace: the auditor's bundle (审计包), and what of a draw is public.

`archive` writes and reads the canonical archive of spec §16; `disclose` is the one module that decides what
the public may see.
"""
