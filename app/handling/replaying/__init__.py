"""回放: the whole state of a case at any moment, rebuilt from the record alone.

``app.handling.noting`` lets every act leave in its entry how things stand after it; ``rebuilding``
plays the entries again; ``texts`` and ``drawings`` open what the entries name by hash; ``reading``
puts it together for auditors.
"""
