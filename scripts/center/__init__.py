"""The engine of a condition center: what a page must be, and whether it is.

It names no condition, no language of the pages and no section heading: those are data.
Imports go down only; see CONTRIBUTING.md.
"""
