"""The browser verifier (核验网页): one static file that recomputes a draw from an auditor's bundle, offline.

It shares no code with the engine. `verifier.html` is joined from the sources beside it by `join`.
"""
