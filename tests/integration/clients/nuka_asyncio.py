"""Lets nuka 0.3 run with today's Python and Jinja2. Import it before nuka, which itself is unchanged.

nuka 0.3 (2018, its last version) is written for Python 3.5. It passes loop= to functions of asyncio that
no longer take it (since Python 3.10), passes coroutines to asyncio.wait (since 3.11 only tasks), expects a
current event loop when it is imported (since 3.14 there is none), and uses jinja2.escape (until Jinja2 3.0).
Here are these functions as nuka knows them.
"""
import asyncio

import jinja2
import markupsafe

asyncio.set_event_loop(asyncio.new_event_loop())
jinja2.escape = markupsafe.escape

new = {name: getattr(asyncio, name) for name in ("gather", "sleep", "wait", "wait_for")}


# A coroutine: nuka calls it outside a running loop, where today's gather() has no loop for its future.
async def gather(*coroutines, loop=None, **options):
    return await new["gather"](*coroutines, **options)


def sleep(delay, loop=None):
    return new["sleep"](delay)


def wait(coroutines, **options):
    return new["wait"]([asyncio.ensure_future(one) for one in coroutines], **options)


def wait_for(coroutine, timeout, loop=None):
    return new["wait_for"](coroutine, timeout)


asyncio.gather, asyncio.sleep, asyncio.wait, asyncio.wait_for = gather, sleep, wait, wait_for
