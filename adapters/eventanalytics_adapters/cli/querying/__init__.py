"""Questions asked from the command line: how they are written, asked, and drawn.

`commands` make requests of options, `questions` answers them, `pictures` draws the answers.
"""
