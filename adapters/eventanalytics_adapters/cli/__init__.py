"""The command line ``eventanalytics``: one module a command, put together in ``main``.

It is the entry point: it alone reads ``.env``, decides where the data are (``store``,
``data_dir``) and wires the rest through the container.
"""
