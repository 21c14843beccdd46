"""Takes a batch of Consul events from stdin (contract 2.1 and 2.2)."""
import argparse
import base64
import json
import logging
import logging.config
import os
import sys

from deployment import deploy, destroy
from migration import migrate

log = logging.getLogger("handler")
EVENTS = "/deploy/events.log"
ACTIONS = {"deploy": deploy, "destroy": destroy, "migrate": migrate}


def set_up_logging():
    parser = argparse.ArgumentParser(prog="handler")
    parser.add_argument("-l", "--logging-level", default="DEBUG")
    parser.add_argument("--logging-format", default="%(asctime)s\t%(levelname)s\t%(message)s")
    parser.add_argument("--logging-file", default="/deploy/handler.log")
    parser.add_argument("-f", "--logging-config-file")
    options = parser.parse_args()
    os.makedirs(os.path.dirname(options.logging_file), exist_ok=True)
    logging.basicConfig(level=options.logging_level.upper(), format=options.logging_format,
                        handlers=[logging.FileHandler(options.logging_file), logging.StreamHandler()])
    if options.logging_config_file:
        if options.logging_config_file.endswith(".json"):
            with open(options.logging_config_file, encoding="utf-8") as file:
                logging.config.dictConfig(json.load(file))
        else:
            logging.config.fileConfig(options.logging_config_file)


def taken_before(event):
    """Whether the event is in events.log already; adds it if not."""
    with open(EVENTS, "a+", encoding="utf-8") as file:
        file.seek(0)
        if event in file.read().splitlines():
            return True
        file.write(event + "\n")
    return False


def main():
    set_up_logging()
    for entry in json.load(sys.stdin):
        if taken_before(entry["ID"]):
            log.debug("Event %s was handled before", entry["ID"])
            continue
        payload = base64.b64decode(entry["Payload"]).decode()
        if not payload:
            return
        log.info("Event %s: %s %s", entry["ID"], entry["Name"], payload)
        payload = json.loads(payload)
        if entry["Name"] in ACTIONS:
            ACTIONS[entry["Name"]](entry["ID"], payload)
        else:
            log.error("Unknown event name: %s", entry["Name"])


if __name__ == "__main__":
    try:
        main()
    except Exception as error:  # of whatever kind: the rest of the batch is lost with it
        log.exception("%s", error)
        sys.exit(1)
