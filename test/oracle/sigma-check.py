"""What pySigma says of a folder of Sigma rules, as JSON: how many it read, and all that it finds fault with."""

import json
import sys
from pathlib import Path

from sigma.collection import SigmaCollection
from sigma.validation import SigmaValidator
from sigma.validators.core import validators

# These load lists of techniques from the network; the tags' form is checked by SigmaTag itself.
NEEDS_NETWORK = {"attacktag", "d3_fendtag", "d3fendtag"}

rules = SigmaCollection.load_ruleset([Path(sys.argv[1])], collect_errors=True)
faults = [str(error) for rule in rules.rules for error in rule.errors] + [str(error) for error in rules.errors]
validator = SigmaValidator(check for name, check in validators.items() if name not in NEEDS_NETWORK)
issues = [str(issue) for issue in validator.validate_rules(iter(rules.rules))]
json.dump({"rules": len(rules.rules), "faults": faults, "issues": issues}, sys.stdout)
