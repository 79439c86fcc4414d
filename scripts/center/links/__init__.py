"""What leads where in a built site: every address in it, resolved as a browser and a plain static host would.

``README.md`` beside this file says what is covered, by section of the standards, and what was chosen where they
leave it open. Nothing here knows a rule, a center or its settings.
"""
