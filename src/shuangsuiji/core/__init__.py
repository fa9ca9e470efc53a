"""The core: what decides bytes. Pure functions over frozen values; standard library only.

In the order of the protocol, with the section of docs/spec/v1/spec.md that each follows:

- `encoding` §1, §2 canonical JSON; `hashing` §3; `merkle` §4; `stream` §5; `predicates` §6
- `plan`, `plan_members`, `plan_format` §7 the plan
- `records` §8 entities, inspectors, recusals, salts, leaves
- `strata` §9 exclusions, lists, tiers, strata, quotas
- `commitment` §10 the frozen draw
- `closing` §11 contributions and closing; `seed` §11 public values and seeds
- `tickets`, `allocation`, `selection` §12 the first draw
- `eligibility` §13, `teams` §14 who may fill which slot of which block
- `matching/` §15 the second draw: `problem`, `state`, `relay`, `start`, `repair`, `mixing`
- `relaxations` §15.6 what a shortage makes the plan give up; `fixed_teams` §15.8
- `draw` both draws and their result
"""
