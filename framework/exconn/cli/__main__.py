"""`python -m exconn.cli` is `exconn`."""

from exconn.cli import main

main()
