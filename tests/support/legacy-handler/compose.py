"""What docker-compose.yml says to the cluster (contract 5)."""
import json
import logging
from urllib.parse import urlparse

import yaml

import caddyfile
import tools

log = logging.getLogger("handler")


class ComposeFile:
    def __init__(self, app, directory):
        self.app = app
        with open(f"{directory}/docker-compose.yml", encoding="utf-8") as file:
            self.content = yaml.safe_load(file)
        self.services = self.content.get("services") or {}

    def volumes(self):
        """The managed ones."""
        named = self.content.get("volumes") or {}
        return [f"{self.app.project}_{key}" for key, value in named.items()
                if isinstance(value, dict) and value.get("driver") == tools.DRIVER]

    def variables(self, name):
        """(service, value) of the services that set it."""
        for service, body in self.services.items():
            environment = (body or {}).get("environment")
            if isinstance(environment, dict) and name in environment:
                yield service, environment[name]

    def containers(self):
        return {service: self.app.container(service) for service in self.services}

    def sites(self):
        """Of all services, with the defaults. ValueError."""
        sites = []
        for service, text in self.variables("CADDYFILE"):
            own = caddyfile.parse(text.replace("$CONTAINER", self.app.container(service)))
            keys = [key for site in own for key in site.keys]
            for key in keys:
                if keys.count(key) > 1:
                    raise tools.Failed(f"Aborting! URL {key} stands twice in the CADDYFILE of {service}")
            sites += own
        for site in sites:
            caddyfile.complete(site)
        return sites

    def urls(self):
        return [key for site in self.sites() for key in site.keys]

    def domains(self):
        return sorted({urlparse(url).netloc for url in self.urls()})

    def check(self):
        """Refuses URLs that another app has."""
        urls = self.urls()
        for key, value in tools.all_apps():
            if key.split("/")[1] == self.app.name:
                continue
            theirs = [one for site in caddyfile.parse(value["caddyfile"]) for one in site.keys]
            for url in urls:
                if url in theirs:
                    raise tools.Failed(f"Aborting! URL {url} is already deployed by {key}")
            if value["master"] != tools.NODE and set(self.domains()) & set(value["domains"]):
                log.warning("%s has a domain of ours on %s", key, value["master"])

    def haproxy(self):
        merged = {}
        for service, text in self.variables("HAPROXY"):
            try:
                configs = yaml.safe_load(text)
            except (yaml.YAMLError, AttributeError):
                log.warning("HAPROXY of %s is no YAML text, it is ignored", service)
                continue
            for name, config in configs.items():
                for backend in config["backends"]:
                    backend["ct"] = self.app.container(service)
                if name not in merged:
                    merged[name] = config
                    continue
                merged[name]["backends"] += config["backends"]
                for part in ("bind", "options"):
                    if part in config.get("frontend", {}):
                        ours = merged[name]["frontend"]
                        ours[part] = sorted(set(ours.get(part, [])) | set(config["frontend"][part]))
        return merged

    def check_urls(self):
        urls = []
        for service, text in self.variables("CONSUL_CHECK_URLS"):
            try:
                urls += list(yaml.safe_load(text))
            except yaml.YAMLError:
                log.warning("CONSUL_CHECK_URLS of %s is no YAML text, it is ignored", service)
        return urls

    def registration(self):
        urls = [url for url in self.urls() + self.check_urls() if url]
        return json.dumps({"Name": self.app.name, "Checks": [{"HTTP": url, "Interval": "60s"} for url in urls]})
