"""All checks of a spec, in two rounds.

Rules: the first round looks at one thing at a time and always runs; the second proves what the parts say together, and
runs only over parts that are sound, so that one fault does not look like several; names that nothing uses are reported
at the very end, when every use has been seen.
"""

from collections.abc import Callable

from exconn.document import Findings, Mapping
from exconn.spec.checks.accounts import check_accounts
from exconn.spec.checks.addresses import check_addresses
from exconn.spec.checks.batches import check_batches
from exconn.spec.checks.books import check_book
from exconn.spec.checks.channels import check_channels
from exconn.spec.checks.declarations import check_declarations
from exconn.spec.checks.errors import check_errors
from exconn.spec.checks.forbidden import check_forbidden
from exconn.spec.checks.frames import check_frames
from exconn.spec.checks.given import check_given
from exconn.spec.checks.hosts import check_hosts
from exconn.spec.checks.keys import check_keys, check_signed_fields
from exconn.spec.checks.operations import check_operations
from exconn.spec.checks.orders import check_orders
from exconn.spec.checks.places import check_places
from exconn.spec.checks.preparations import check_preparations
from exconn.spec.checks.recipes import check_recipes
from exconn.spec.checks.records import check_records
from exconn.spec.checks.requests import check_requests
from exconn.spec.checks.signed import check_signed
from exconn.spec.checks.targets import check_targets
from exconn.spec.checks.words import check_words
from exconn.spec.names import Names
from exconn.spec.tree import Spec

_PROOFS: tuple[Callable[[Spec, Findings], None], ...] = (
    check_operations,
    check_accounts,
    check_forbidden,
    check_given,
    check_requests,
    check_targets,
    check_batches,
    check_orders,
    check_preparations,
    check_recipes,
    check_signed_fields,
    check_signed,
    check_records,
    check_errors,
    check_frames,
    check_channels,
    check_book,
)


def check_spec(spec: Spec, root: Mapping, names: Names, findings: Findings) -> None:
    """Add all that is wrong with `spec`, built from `root`, to `findings`."""
    check_hosts(spec, root, findings)
    check_addresses(spec, root, findings)
    check_declarations(spec, root, findings)
    check_keys(spec, root, findings)
    check_words(spec, root, findings)
    check_places(spec, names, findings)
    if findings.has_errors:
        return
    for prove in _PROOFS:
        prove(spec, findings)
    names.report_unused()
