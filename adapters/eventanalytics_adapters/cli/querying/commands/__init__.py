"""The commands of ``eventanalytics query``: how the options of each make a question."""
