"""The verbs of a quarter's work (抽查工作的各步), one per file, in the order in which they are used.

`init` → `imports` → `plan` → `freeze` → `seed` → `draw` → `match` → `publish` → `export` → `verify`; `status`
says where the work stands. A verb loads, calls the core, commits one transaction and returns a frozen result.
"""
