"""The daemon's description of its API, and answers held against it."""
import collections
import json

from jsonschema import Draft202012Validator

METHODS = {"get", "post", "patch", "delete"}


def closed(schema):
    """The schema with no room for members that it does not name, but where it says that there is.

    What is published leaves room, so that a later version may add to an answer; here whatever is
    not described is a mistake."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and isinstance(schema.get("type"), str):
        made.setdefault("additionalProperties", False)
    if "allOf" in made:  # each part knows only its own members
        for part in made["allOf"]:
            part.pop("additionalProperties", None)
    return made


class Description:
    def __init__(self, document):
        self.paths = document["paths"]
        self.components = document["components"]
        self.schemas = {"schemas": closed(self.components["schemas"])}
        self.seen = collections.Counter()

    def resolved(self, part):
        if "$ref" not in part:
            return part
        _, _, kind, name = part["$ref"].split("/")
        return self.components[kind][name]

    def described(self):
        """(method, path, status) of every answer."""
        return {(method.upper(), path, status)
                for path, item in self.paths.items()
                for method, operation in item.items() if method in METHODS
                for status in operation["responses"]}

    def problems(self, method, path, answer):
        """What is wrong with this answer, as texts."""
        operation = self.paths[path][method.lower()]
        response = operation["responses"].get(str(answer.status))
        if response is None:
            return [f"the status {answer.status} is not described"]
        self.seen[method, path, str(answer.status)] += 1
        response = self.resolved(response)
        return [*self.wrong_headers(response, answer), *self.wrong_body(response, answer)]

    def wrong_headers(self, response, answer):
        for name, header in response.get("headers", {}).items():
            header, value = self.resolved(header), answer.headers.get(name.lower())
            if value is None:
                if header.get("required"):
                    yield f"no header {name}"
                continue
            if header["schema"]["type"] == "integer":
                value = int(value)
            yield from self.against(header["schema"], value, name)

    def wrong_body(self, response, answer):
        kind = answer.headers["content-type"].split(";")[0]
        content = response["content"].get(kind)
        if content is None:
            yield f"the type {kind} is not described"
        elif kind.endswith("json") and not kind.endswith("ndjson"):
            yield from self.against(content["schema"], json.loads(answer.body), "the body")

    def against(self, schema, value, what):
        validator = Draft202012Validator({**closed(schema), "components": self.schemas},
                                         format_checker=Draft202012Validator.FORMAT_CHECKER)
        return [f"{what} at {error.json_path}: {error.message}"
                for error in validator.iter_errors(value)]
