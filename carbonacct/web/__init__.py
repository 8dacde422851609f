"""A page on this machine alone, by which a person works on a project with a browser.

What is done on it stands in files of the project; the command line makes the same of them.
"""
