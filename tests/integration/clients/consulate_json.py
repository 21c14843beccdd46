"""Lets consulate 0.6.0 read answers with today's Python. Import it before consulate's first request.

consulate 0.6.0 (2015, its last version) passes encoding= to json.loads, which no longer takes it (since
Python 3.9); consulate then takes the answer for text. Here is json.loads as consulate knows it.
"""
import json
import types

from consulate.api import base


def loads(text, encoding=None):
    return json.loads(text)


base.json = types.SimpleNamespace(loads=loads, dumps=json.dumps)
