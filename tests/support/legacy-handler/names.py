"""Names of an app and what belongs to it (contract 1)."""
import hashlib
import re
from urllib.parse import urlparse


class App:
    """An app as repository and branch name it."""

    def __init__(self, repo, branch):
        self.url = repo.strip()
        if self.url.endswith(".git"):
            self.url = self.url[: -len(".git")]
        self.branch = branch.strip()
        digest = hashlib.md5(urlparse(self.url.lower()).path.encode()).hexdigest()
        last = self.url.strip("/").lower().rsplit("/", 1)[-1]
        self.name = last + (f"_{self.branch}" if self.branch else "") + "." + digest[:5]
        self.project = re.sub("[^a-z0-9]", "", self.name)

    def key(self):
        return f"app/{self.name}"

    def maintenance(self):
        return f"maintenance/{self.name}"

    def marks(self):
        return f"migrate/{self.name}/"

    def directory(self, event):
        return f"/deploy/{self.name}-{event}"

    def container(self, service):
        return f"{self.project}_{service}_1"
