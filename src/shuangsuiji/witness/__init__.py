"""The outside witness's own tool (见证人工具), on a machine that is not the authority's.

In the order of reading: `keys` (the key file), `documents` (what can be witnessed, its form checked in full), `record`
(the chain of what was signed, and what it refuses), `folder` (the witness's folder: keygen, sign, show). `page/` holds
the same tool as one offline HTML page, with the same key and record files.
"""
