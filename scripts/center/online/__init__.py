"""Asks addresses outside whether they still lead somewhere. Only ``--online`` imports this."""
