# SPDX-License-Identifier: GPL-3.0-only
"""Prints the attributes that OpenTelemetry's conventions name, less those they took back, and values of some."""

import ast
import inspect
import json

from opentelemetry.semconv._incubating.attributes import gen_ai_attributes as gen_ai
from opentelemetry.semconv.attributes import error_attributes, service_attributes


def names(module):
    """Constants with their descriptions; those of gen_ai have moved to a project of their own, which is no loss."""
    body = ast.parse(inspect.getsource(module)).body
    for constant, words in zip(body, body[1:]):
        if not isinstance(constant, ast.AnnAssign) or not isinstance(words, ast.Expr):
            continue
        if not words.value.value.strip().startswith(("Deprecated: Re", "Deprecated: Use")):
            yield constant.value.value


def values(enum):
    return [member.value for member in enum]


print(
    json.dumps(
        {
            "attributes": sorted(
                name
                for module in (gen_ai, error_attributes, service_attributes)
                for name in names(module)
            ),
            "gen_ai.operation.name": values(gen_ai.GenAiOperationNameValues),
            "gen_ai.output.type": values(gen_ai.GenAiOutputTypeValues),
        }
    )
)
