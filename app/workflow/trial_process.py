"""A trial in a process of its own: reads a request on its input, prints what went wrong."""

import base64
import json
import resource
import sys

from app.workflow.fields import Kind
from app.workflow.parser import parse
from app.workflow.trial import walks

CPU_SECONDS = 5
MEMORY = 512 * 1024 * 1024  # bytes


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    request = json.loads(sys.stdin.read())
    files = {name: base64.b64decode(data) for name, data in request["files"].items()}
    definition = parse("", request["process"], 0, "", files)
    variables = {name: Kind(kind) for name, kind in request["variables"].items()}
    json.dump(walks(definition, variables, request["count"]), sys.stdout)


if __name__ == "__main__":
    main()
