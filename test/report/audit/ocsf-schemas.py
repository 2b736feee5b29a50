"""Writes the JSON Schemas of the two OCSF classes that authlog prints, as ocsf-json-schema makes them of the published schema, into a folder."""

import json
import sys
from pathlib import Path

from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

VERSION = "1.8.0"
CLASSES = {"api_activity": ["security_control"], "detection_finding": []}

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
schemas = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=VERSION))
for name, profiles in CLASSES.items():
    schema = schemas.get_class_schema(name, profiles)
    (folder / f"{name}.json").write_text(json.dumps(schema))
