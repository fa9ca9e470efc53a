"""Checking a draw from its bundle alone (审计核验): `verify` carries out §18, `report` is what it answers."""
