"""Reading events from a CSV file and having them recorded, here or over HTTP.

``records`` cuts the bytes into records, ``rows`` reads each record as an event, ``pipeline`` has
them recorded batch by batch through a `Recorder`, of which ``over_http`` is one; ``rejects`` keeps
what was refused, ``progress`` shows how far it is.
"""
