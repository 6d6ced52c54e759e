#!/usr/bin/env python3
"""Writes an OpenAPI document in YAML as minified JSON inside a C++ source.

usage: embed_openapi.py openapi.yaml version out.cpp
"""
import json
import sys

import yaml

# Adjacent literals: short lines keep the compiler's messages readable.
PIECE = 90


def literal(text):
    """The text as adjacent C++ string literals; every byte that could surprise is escaped."""
    pieces, line = [], ""
    for byte in text.encode("utf-8"):
        char = chr(byte)
        if char in '"\\':
            char = "\\" + char
        elif not 0x20 <= byte < 0x7F:
            char = f"\\{byte:03o}"
        line += char
        if len(line) >= PIECE:
            pieces.append(line)
            line = ""
    pieces.append(line)
    return "\n".join(f'    "{piece}"' for piece in pieces)


def main():
    source, version, target = sys.argv[1:]
    with open(source, encoding="utf-8") as file:
        document = yaml.safe_load(file)
    document["info"]["version"] = version
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    with open(target, "w", encoding="ascii") as file:
        file.write(
            '#include "api/openapi.hpp"\n\n'
            "namespace memorypro::api {\n\n"
            "std::string_view openapi_json() {\n"
            f"    static constexpr std::string_view document =\n{literal(text)};\n"
            "    return document;\n"
            "}\n\n"
            "}  // namespace memorypro::api\n"
        )


main()
