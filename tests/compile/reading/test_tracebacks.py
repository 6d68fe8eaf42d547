"""A fault in compiled code shows the line of the YAML it was compiled from."""

import traceback

import pytest

from exconn.codec import Answer, Arguments, Context, Keyring, Symbols
from exconn.compile.program import compile_spec
from exconn.errors import ExconnError

SPEC = """
endpoints:
  server_time:
    http: GET /time
    reply:
      time:
        at: uTime as ms
sockets:
  user:
    connect: {host: ws, path: /u}
    frames: json
    silence: 30
    subscribe: [{send: {op: "{verb}"}}]
    messages:
      - match:
          ch: x
        price: {price: p}
"""


def test_a_traceback_shows_the_line_of_the_yaml(spec_of, body_of, tmp_path):
    file = tmp_path / "quay.yaml"
    file.write_text(body_of(SPEC))
    codec = compile_spec(spec_of(SPEC, str(file)))
    context = Context(Keyring((), {}), {}, Symbols(codec.facts.forms), {})
    with pytest.raises(ExconnError) as told:
        codec.endpoints["server_time"].read(Answer(200, {}, b'{"code": 0, "uTime": "soon"}'), Arguments(), context)
    shown = "".join(traceback.format_exception(told.value))
    line = body_of(SPEC).splitlines().index("        at: uTime as ms") + 1
    assert f'File "{file}", line {line}, in time_row\n    at: uTime as ms\n' in shown
    assert str(told.value) == f"quay.yaml:{line}: at: 'soon' is not a number"


def test_every_node_has_a_line_of_the_yaml(spec_of, body_of):
    codec = compile_spec(spec_of(SPEC))
    last = len(body_of(SPEC).splitlines())
    context = Context(Keyring((), {}), {}, Symbols(codec.facts.forms), {})
    read, hear = codec.endpoints["server_time"].read, codec.sockets["user"].read
    read(Answer(200, {}, b'{"code": 0, "uTime": 1}'), Arguments(), context)
    hear('{"ch": "y"}', context)
    for function in (read, hear):
        code = function.__code__
        assert code.co_filename == "quay.yaml"
        assert all(1 < line <= last for _, _, line in code.co_lines() if line is not None)
