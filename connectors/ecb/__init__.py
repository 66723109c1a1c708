"""The European Central Bank's euro reference rates: its zipped history file → rates by year → landing.

``history`` parses, ``refresh`` downloads and lands. ``python -m connectors.ecb --help`` runs it alone.
"""
