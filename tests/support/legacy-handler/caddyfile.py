"""The Caddyfile of a service: what is read and what is written (contract 5.1)."""

COMMON = '{hostonly} - {>X-Forwarded-For} - {user} [{when}] \\"{method} {uri} {proto}\\" {status} {size} ' \
         '\\"{>Referer}\\" \\"{>User-Agent}\\"'
SECURE = "{hostonly} - {combined}"


class Site:
    def __init__(self, keys):
        self.keys = keys
        self.body = []  # lists of tokens; the last may be a list of such lists

    def secure(self):
        return self.keys[0].startswith("https://")


def token_lines(text):
    """Lists of tokens, one per line; a quote may go on over the end of one."""
    tokens, token, quoted, begun = [], "", False, False
    for raw in text.splitlines():
        line = raw.strip()
        if not line:
            if quoted:
                raise ValueError("CADDYFILE: a blank line in a quoted text")
            continue
        if quoted:
            token += "\n"
        for char in line:
            if char in "\"'":
                quoted, begun = not quoted, True
            elif char == " " and not quoted:
                if begun:
                    tokens.append(token)
                token, begun = "", False
            else:
                token, begun = token + char, True
        if quoted:
            continue
        if begun:
            tokens.append(token)
        yield tokens
        tokens, token, begun = [], "", False
    if quoted:
        raise ValueError("CADDYFILE: it ends in a quoted text")


def keys_of(tokens):
    return [key for key in (token.strip(",") for token in tokens) if key]


def parse(text):
    """The sites. ValueError if it is none."""
    sites, lines, head = [], token_lines(text), []
    for tokens in lines:
        if tokens == ["}"]:
            break
        head += tokens
        if head[-1] != "{":
            if head[-1].endswith(","):
                continue
            raise ValueError(f"CADDYFILE: no block after {' '.join(head)}")
        site = Site(keys_of(head[:-1]))
        if not site.keys:
            raise ValueError("CADDYFILE: a site without a key")
        head = []
        read_body(site, lines)
        sites.append(site)
    if head:
        raise ValueError(f"CADDYFILE: no block after {' '.join(head)}")
    return sites


def read_body(site, lines):
    for tokens in lines:
        if tokens == ["}"]:
            return
        if tokens[-1] == "{":
            block = []
            for inner in lines:
                if inner == ["}"]:
                    break
                if inner[-1] == "{":
                    raise ValueError("CADDYFILE: a block in a block")
                block.append(inner)
            tokens[-1] = block
        site.body.append(tokens)


def complete(site):
    """Puts the defaults into a site."""
    site.body = [line for line in site.body if line[0] != "log"]
    names = [line[0] for line in site.body]
    for line in site.body:
        if line[0] == "proxy":
            if isinstance(line[-1], list):
                line.pop()
            block = [["websocket"], ["insecure_skip_verify"]]
            if site.secure():
                block.append(["transparent"])
            else:
                block += [["header_upstream", name, value] for name, value in
                          (("Host", "{host}"), ("X-Real-IP", "{remote}"), ("X-Forwarded-Proto", "{scheme}"))]
            line.append(block)
    if "gzip" not in names:
        site.body.append(["gzip"])
    if "timeouts" not in names:
        site.body.append(["timeouts", "300s"])
    site.body.append(["log", "/", "stdout", SECURE if site.secure() else COMMON])


def quoted(token):
    return f'"{token}"' if " " in token or "\n" in token else token


def render(sites):
    return "\n".join(rendered(site) for site in sites)


def rendered(site):
    lines = [", ".join(site.keys) + " {"]
    for line in site.body:
        block = line[-1] if isinstance(line[-1], list) else None
        words = [quoted(token) for token in (line[:-1] if block is not None else line)]
        lines.append("    " + " ".join(words) + (" {" if block is not None else ""))
        if block is not None:
            lines += ["        " + " ".join(inner) for inner in block] + ["    }"]
    return "\n".join(lines + ["}"])
