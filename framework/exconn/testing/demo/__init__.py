"""The main job, shown: a market trades on a sandbox, tells it as it happens, and is compared with the ledger."""
